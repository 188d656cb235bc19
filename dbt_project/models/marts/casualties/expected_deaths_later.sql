-- The backtest asks what had come when the horizon was over. This asks what is known now, and since when the expected
-- figures are history.

with

expected_deaths as (

    select * from {{ ref('int_expected_deaths') }} where horizon_days = {{ threshold('expected_horizon_days') }}

),

readings as (

    select * from {{ ref('int_list_readings_by_week') }}

),

method_breaks as (

    select break_date from {{ ref('method_breaks_curated') }} where source = 'confirmed_deaths'

),

compared as (

    select
        expected_deaths.fit_as_of,
        expected_deaths.status,
        expected_deaths.reported_deaths,
        expected_deaths.expected_deaths,
        expected_deaths.expected_high,
        readings.reading,
        readings.as_of as later_as_of,
        readings.confirmed_deaths as later_deaths,
        readings.is_exact as later_is_exact,
    from expected_deaths
    inner join readings
        on
            expected_deaths.week_start = readings.week_start
            and expected_deaths.fit_as_of < readings.as_of

),

summed as (

    select
        fit_as_of,
        if(grouping(status) = 1, 'all', status) as status,
        reading,
        later_as_of,
        count(*) as weeks,
        sum(reported_deaths) as reported_deaths,
        sum(expected_deaths) as expected_deaths,
        sum(later_deaths) as later_deaths,
        bool_and(later_is_exact) as is_exact,
        count(*) filter (later_deaths > expected_deaths) as weeks_overtaken,
        count(*) filter (later_deaths > expected_high) as weeks_above_high,
    from compared
    group by grouping sets (
        (fit_as_of, reading, later_as_of, status),
        (fit_as_of, reading, later_as_of)
    )

),

final as (

    select
        fit_as_of,
        status,
        reading,
        later_as_of,
        cast(later_as_of - fit_as_of as integer) as days_later,
        cast(weeks as integer) as weeks,
        cast(reported_deaths as integer) as reported_deaths,
        round(expected_deaths, 1) as expected_deaths_6m,
        cast(round(later_deaths) as integer) as later_deaths,
        is_exact,
        round(expected_deaths / nullif(later_deaths, 0) - 1, 4) as bias_expected,
        later_deaths > expected_deaths as is_overtaken,
        cast(weeks_overtaken as integer) as weeks_overtaken,
        cast(weeks_above_high as integer) as weeks_above_high,
        (
            select min(method_breaks.break_date) from method_breaks
            where method_breaks.break_date > summed.fit_as_of and method_breaks.break_date <= summed.later_as_of
        ) as break_date,
    from summed

)

select * from final
