-- The list stands here more than once: by day to its last daily copy, by week in each weekly export. Laid out alike, as
-- spans of days of death, so that any window can be asked of any reading and the newest that covers it answers.

with

deaths_by_day as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

deaths_by_branch as (

    select * from {{ ref('stg_mediazona__deaths_by_branch') }}

),

sources as (

    select * from {{ ref('stg_provenance__sources') }}

),

daily_vintages as (

    select
        'daily_vintage' as reading,
        'confirmed_deaths' as source,
        as_of,
        death_date as span_start,
        death_date as span_end,
        cast(confirmed_deaths as integer) as confirmed_deaths,
    from deaths_by_day

),

-- A week that was not over when the export was made is counted in part, and says so nowhere: it is left out.
weekly_exports as (

    select
        'weekly_export' as reading,
        'deaths_by_branch' as source,
        as_of,
        week_start as span_start,
        cast(week_start + 6 as date) as span_end,
        cast(any_value(week_total) as integer) as confirmed_deaths,
    from deaths_by_branch
    where week_start + 6 < as_of
    group by as_of, week_start

),

readings as (

    select * from daily_vintages
    union all
    select * from weekly_exports

),

final as (

    select
        readings.reading,
        readings.as_of,
        readings.span_start,
        readings.span_end,
        readings.confirmed_deaths,
        readings.source,
        sources.publisher,
        sources.url as source_url,
    from readings
    left join sources on readings.source = sources.source

)

select * from final
