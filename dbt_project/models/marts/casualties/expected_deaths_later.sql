-- The backtest asks what had come when the horizon was over. This asks what is known now, and since when the expected
-- figures are history.

with

compared as (

    select * from {{ ref('int_expected_deaths_later') }}

),

method_breaks as (

    select break_date from {{ ref('method_breaks_curated') }} where source = 'confirmed_deaths'

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
