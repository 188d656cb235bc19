-- Totals read off a series: names with a day of death, the sum of the probate estimate, the newest claim.

with

vintages as (

    select * from {{ ref('int_vintages') }}

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
    inner join sources on newest.source = sources.source

),

final as (

    select * from dated_list
    union all
    select * from probate
    union all
    select * from general_staff

)

select * from final
