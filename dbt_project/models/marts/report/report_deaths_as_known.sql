-- Long rather than wide: which vintages are shown moves with every new one.

with

vintages as (

    select * from {{ ref('vintages') }}

),

weeks as (

    select * from {{ ref('int_confirmed_deaths_by_week') }}

),

list_readings as (

    select * from {{ ref('int_list_readings') }}

),

probate_estimates as (

    select * from {{ ref('probate_estimate_by_week') }}

),

months_before as (

    select unnest({{ threshold('report_months_before') }}) as months

),

-- Of each age the newest vintage that is at least so old.
vintages_by_age as (

    select max(vintages.as_of) as as_of
    from months_before
    inner join vintages
        on vintages.as_of <= (select max(newest.as_of) from vintages as newest) - to_months(months_before.months)
    group by months_before.months

),

-- A young list has one vintage for several ages.
shown_vintages as (

    select distinct as_of from vintages_by_age

),

-- The war began on a Thursday: its first week has four days and is no week to compare with.
confirmed as (

    select
        'confirmed_deaths' as measure,
        weeks.as_of,
        weeks.week_start,
        weeks.confirmed_deaths as deaths,
        false as is_forecast,
    from weeks
    inner join shown_vintages on weeks.as_of = shown_vintages.as_of
    where weeks.week_start >= date '{{ threshold("war_start") }}'

),

-- Weeks from Thursday to Wednesday, as exported.
exported as (

    select
        'weekly_export' as measure,
        as_of,
        span_start as week_start,
        confirmed_deaths as deaths,
        false as is_forecast,
    from list_readings
    where reading = 'weekly_export'
    qualify as_of = max(as_of) over ()

),

probate as (

    select
        'probate_estimate' as measure,
        as_of,
        week_start,
        round(probate_estimate, 1) as deaths,
        is_forecast,
    from probate_estimates
    where as_of = (select max(newest.as_of) from probate_estimates as newest)

),

lines as (

    select * from confirmed
    union all
    select * from exported
    union all
    select * from probate

),

-- Whatever is read by day or by week: the newest reading of the list says which weeks are too young.
newest_reading as (

    select max(as_of) as as_of from list_readings

),

final as (

    select
        lines.measure,
        lines.as_of,
        lines.week_start,
        cast(lines.deaths as double) as deaths,
        lines.is_forecast,
        lines.measure <> 'probate_estimate'
        and lines.as_of = newest_reading.as_of
        and lines.as_of - (lines.week_start + 6) < {{ threshold('expected_min_age_days') }} as is_young,
    from lines
    cross join newest_reading

)

select * from final
