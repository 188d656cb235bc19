-- The whole list scaled by the coverage that its authors stated with it, with and without the militias of Donbas, at
-- every date on which the list's exact total is known. The statement is about the whole list and about nothing less.

with

published_estimates as (

    select * from {{ ref('estimates') }}

),

named_totals as (

    select * from {{ ref('int_named_totals') }} where is_exact

),

coverage_band as (

    select * from {{ ref('coverage_band') }}

),

banded as (

    select
        named_totals.as_of,
        named_totals.as_of as deaths_through,
        'coverage_band' as method_code,
        'named list / coverage band' as method,
        'estimated_killed' as measure,
        round(named_totals.named_total / coverage_band.coverage_high)::bigint as low,
        null::bigint as central,
        round(named_totals.named_total / coverage_band.coverage_low)::bigint as high,
        'Russian forces excl. DPR/LPR militias' as scope,
        'War Losses, from the list of BBC Russian / Mediazona' as claimant,
        true as is_derived,
        coverage_band.source_url,
        printf(
            '%d names (%s) at %d to %d %% coverage',
            named_totals.named_total,
            named_totals.source_url,
            cast(coverage_band.coverage_low * 100 as integer),
            cast(coverage_band.coverage_high * 100 as integer)
        ) as note,
    from named_totals
    inner join coverage_band
        on
            named_totals.as_of >= coverage_band.valid_from
            and named_totals.as_of < coalesce(coverage_band.valid_to, date '9999-12-31')

),

proxies as (

    select as_of_date, low, high from published_estimates where measure = 'proxies_killed'

),

banded_with_proxies as (

    select
        banded.as_of,
        banded.deaths_through,
        'coverage_band_with_proxies' as method_code,
        'named list / coverage band + proxies' as method,
        'estimated_killed' as measure,
        banded.low + proxies.low as low,
        null::bigint as central,
        banded.high + proxies.high as high,
        'Russian forces incl. DPR/LPR militias' as scope,
        banded.claimant,
        true as is_derived,
        banded.source_url,
        printf('%s, plus %d to %d of the DPR/LPR militias', banded.note, proxies.low, proxies.high) as note,
    from banded
    asof join proxies on banded.as_of >= proxies.as_of_date

),

final as (

    select * from banded
    union all
    select * from banded_with_proxies

)

select * from final
