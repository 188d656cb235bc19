-- The named list scaled by the coverage that its authors stated with it, with and without the militias of Donbas.

with

published_estimates as (

    select * from {{ ref('estimates') }}

),

vintages as (

    select * from {{ ref('int_vintages') }}

),

coverage_band as (

    select * from {{ ref('coverage_band') }}

),

banded as (

    select
        vintages.as_of,
        'coverage_band' as method_code,
        'named list / coverage band' as method,
        'estimated_killed' as measure,
        round(vintages.dated_total * vintages.deaths_per_dated_name_low)::bigint as low,
        null::bigint as central,
        round(vintages.dated_total * vintages.deaths_per_dated_name_high)::bigint as high,
        'Russian forces excl. DPR/LPR militias' as scope,
        'War Losses, from the list of BBC Russian / Mediazona' as claimant,
        true as is_derived,
        coverage_band.source_url,
        printf(
            '%d names at %d to %d %% coverage',
            vintages.named_total,
            cast(coverage_band.coverage_low * 100 as integer),
            cast(coverage_band.coverage_high * 100 as integer)
        ) as note,
    from vintages
    inner join coverage_band
        on
            vintages.as_of >= coverage_band.valid_from
            and vintages.as_of < coalesce(coverage_band.valid_to, date '9999-12-31')
    where vintages.named_total is not null

),

proxies as (

    select as_of_date, low, high from published_estimates where measure = 'proxies_killed'

),

banded_with_proxies as (

    select
        banded.as_of,
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
