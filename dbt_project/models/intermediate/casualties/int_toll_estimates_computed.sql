-- Totals read off a series: names with a day of death, all names, the sum of the probate estimate, the newest claim.

with

vintages as (

    select * from {{ ref('int_vintages') }}

),

list_readings as (

    select * from {{ ref('int_list_readings') }} where reading = 'weekly_export'

),

named_totals as (

    select * from {{ ref('int_named_totals') }}

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

dated_list as (

    select
        as_of,
        data_through as deaths_through,
        'dated_names' as method_code,
        'named list, names with a day of death' as method,
        'confirmed_dated' as measure,
        dated_total::bigint as central,
        'Russian forces excl. DPR/LPR militias' as scope,
        'BBC Russian / Mediazona / volunteers' as claimant,
        true as is_derived,
        'confirmed_deaths' as source,
        'a minimum: counted from the daily file' as note,
    from vintages

),

weekly_exports as (

    select
        as_of,
        max(span_end) as deaths_through,
        'dated_names' as method_code,
        'named list, names with a week of death' as method,
        'confirmed_dated' as measure,
        sum(confirmed_deaths)::bigint as central,
        'Russian forces excl. DPR/LPR militias' as scope,
        'BBC Russian / Mediazona / volunteers' as claimant,
        true as is_derived,
        'deaths_by_branch' as source,
        'a minimum: sum of the weeks of an export' as note,
    from list_readings
    group by as_of

),

-- What is stated in print stands among the published estimates.
named_list as (

    select
        as_of,
        deaths_through,
        'named_list' as method_code,
        'named list, noted with a daily copy' as method,
        'confirmed_named' as measure,
        named_total as central,
        'Russian forces excl. DPR/LPR militias' as scope,
        'BBC Russian / Mediazona / volunteers' as claimant,
        false as is_derived,
        source,
        'a minimum: names with and without a date' as note,
    from named_totals
    where is_exact and source = 'confirmed_deaths'

),

-- Beside what was printed of the same day: the weeks are a curve through the list, not its count.
documented as (

    select
        as_of,
        cast(max(week_start) + 6 as date) as deaths_through,
        'named_list' as method_code,
        'named list, sum of the documented deaths by week' as method,
        'confirmed_named' as measure,
        cast(sum(documented_deaths) as bigint) as central,
        'Russian forces excl. DPR/LPR militias' as scope,
        'BBC Russian / Mediazona / volunteers' as claimant,
        true as is_derived,
        'probate_estimates' as source,
        'a minimum: names with and without a date, spread over weeks' as note,
    from probate_estimates
    group by as_of

),

probate as (

    select
        as_of,
        cast(max(week_start) + 6 as date) as deaths_through,
        'probate_registry' as method_code,
        'probate registry, sum of weeks' as method,
        'estimated_killed' as measure,
        round(sum(probate_estimate))::bigint as central,
        'Russian forces excl. DPR/LPR militias' as scope,
        'Meduza / Mediazona' as claimant,
        true as is_derived,
        'probate_estimates' as source,
        printf('weeks through %s; the newest are partly a forecast', max(week_start + 6)) as note,
    from probate_estimates
    group by as_of

),

-- A report speaks of the days up to the one before it.
general_staff as (

    select
        report_date as as_of,
        cast(report_date - 1 as date) as deaths_through,
        'daily_reports' as method_code,
        'daily reports, killed and wounded' as method,
        'killed_and_wounded_claimed' as measure,
        claimed_casualties_cum::bigint as central,
        'Russian forces, scope not specified' as scope,
        'Ukrainian General Staff' as claimant,
        false as is_derived,
        source,
        'killed and wounded, not deaths' as note,
    from claimed_casualties
    qualify report_date = max(report_date) over ()

),

computed as (

    select * from dated_list
    union all
    select * from weekly_exports
    union all
    select * from named_list
    union all
    select * from documented
    union all
    select * from probate
    union all
    select * from general_staff

),

final as (

    select
        computed.as_of,
        computed.deaths_through,
        computed.method_code,
        computed.method,
        computed.measure,
        null::bigint as low,
        computed.central,
        null::bigint as high,
        computed.scope,
        computed.claimant,
        computed.is_derived,
        sources.url as source_url,
        computed.note,
    from computed
    left join sources on computed.source = sources.source

)

select * from final
