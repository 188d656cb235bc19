-- Published estimates and what follows from our own figures, side by side and never averaged. Flows (so many in a
-- month or a year) are left out: this table holds totals since the war began. What an estimate rests on is told by its
-- method_code; its method is for readers and may be put into other words.

with

published_estimates as (

    select * from {{ ref('estimates') }}

),

estimate_methods as (

    select * from {{ ref('estimate_methods') }}

),

vintages as (

    select * from {{ ref('int_vintages') }}

),

coverage_band as (

    select * from {{ ref('coverage_band') }}

),

probate_estimates as (

    select * from {{ ref('stg_mediazona__probate_estimates') }}

),

claimed_casualties as (

    select * from {{ ref('int_claimed_casualties_by_day') }}

),

sources as (

    select * from {{ ref('stg_provenance__sources') }}

),

-- Reprints round: of one estimate given twice, the figure with more significant digits is kept.
published as (

    select
        published_estimates.as_of_date as as_of,
        estimate_methods.method_code,
        -- Some speakers gave killed and casualties on one day: two measures, so two methods.
        published_estimates.method
        || if(published_estimates.measure like 'killed_and_wounded%', ', killed and wounded', '') as method,
        published_estimates.measure,
        published_estimates.low,
        published_estimates.central,
        published_estimates.high,
        published_estimates.scope,
        published_estimates.claimant,
        false as is_derived,
        published_estimates.url as source_url,
        published_estimates.note,
    from published_estimates
    left join estimate_methods on published_estimates.method = estimate_methods.method
    where
        published_estimates.measure not like '%flow%'
        and coalesce(published_estimates.note, '') not like 'flow:%'
    qualify row_number() over (
        partition by
            published_estimates.as_of_date,
            published_estimates.method,
            published_estimates.claimant,
            published_estimates.measure,
            published_estimates.scope
        order by
            length(rtrim(coalesce(
                published_estimates.central, published_estimates.low, published_estimates.high
            )::varchar, '0')) desc,
            published_estimates.url
    ) = 1

),

confirmed_list as (

    select url from sources where source = 'confirmed_deaths'

),

dated_list as (

    select
        vintages.as_of,
        'dated_names' as method_code,
        'named list, names with a day of death' as method,
        'confirmed_dated' as measure,
        null::bigint as low,
        vintages.dated_total::bigint as central,
        null::bigint as high,
        'Russian forces excl. DPR/LPR militias' as scope,
        'BBC Russian / Mediazona / volunteers' as claimant,
        true as is_derived,
        confirmed_list.url as source_url,
        'a minimum: counted from the daily file' as note,
    from vintages
    cross join confirmed_list

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

probate as (

    select
        probate_estimates.as_of,
        'probate_registry' as method_code,
        'probate registry, sum of weeks' as method,
        'estimated_killed' as measure,
        null::bigint as low,
        round(sum(probate_estimates.probate_estimate))::bigint as central,
        null::bigint as high,
        'Russian forces excl. DPR/LPR militias' as scope,
        'Meduza / Mediazona' as claimant,
        true as is_derived,
        any_value(sources.url) as source_url,
        printf('weeks through %s; the newest are partly a forecast', max(probate_estimates.week_start + 6)) as note,
    from probate_estimates
    cross join sources
    where sources.source = 'probate_estimates'
    group by probate_estimates.as_of

),

general_staff as (

    select
        newest.report_date as as_of,
        'daily_reports' as method_code,
        'daily reports, killed and wounded' as method,
        'killed_and_wounded_claimed' as measure,
        null::bigint as low,
        newest.claimed_casualties_cum::bigint as central,
        null::bigint as high,
        'Russian forces, scope not specified' as scope,
        'Ukrainian General Staff' as claimant,
        false as is_derived,
        sources.url as source_url,
        'killed and wounded, not deaths' as note,
    from (select * from claimed_casualties order by report_date desc limit 1) as newest
    cross join sources
    where sources.source = 'claimed_losses'

),

final as (

    select * from published
    union all
    select * from dated_list
    union all
    select * from banded
    union all
    select * from banded_with_proxies
    union all
    select * from probate
    union all
    select * from general_staff

)

select * from final
