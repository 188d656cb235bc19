-- What was expected at each vintage, by what was known then, against what the list showed when the horizon was over.

with

expected_deaths as (

    select * from {{ ref('int_expected_deaths') }}

),

weeks as (

    select * from {{ ref('int_confirmed_deaths_by_week') }}

),

vintages as (

    select * from {{ ref('int_vintages') }}

),

fits as (

    select distinct
        fit_as_of,
        horizon_days,
        fit_as_of + horizon_days as due_on,
    from expected_deaths

),

-- As of the day the horizon is over, and only once that day has passed: until then another vintage could still come.
outcomes as (

    select
        fits.fit_as_of,
        fits.horizon_days,
        max(vintages.as_of) as outcome_as_of,
    from fits
    inner join vintages
        on vintages.as_of between fits.due_on - {{ threshold('backtest_tolerance_days') }} and fits.due_on
    where fits.due_on <= (select max(newest.last_seen) from vintages as newest)
    group by fits.fit_as_of, fits.horizon_days

),

compared as (

    select
        expected_deaths.*,
        outcomes.outcome_as_of,
        weeks.confirmed_deaths as outcome_deaths,
    from expected_deaths
    inner join outcomes
        on
            expected_deaths.fit_as_of = outcomes.fit_as_of
            and expected_deaths.horizon_days = outcomes.horizon_days
    inner join weeks
        on
            outcomes.outcome_as_of = weeks.as_of
            and expected_deaths.week_start = weeks.week_start

),

final as (

    select
        fit_as_of,
        if(grouping(status) = 1, 'all', status) as status,
        cast(horizon_days as integer) as horizon_days,
        outcome_as_of,
        any_value(break_date) filter (break_date <= outcome_as_of) as break_date,
        cast(count(*) as integer) as weeks,
        cast(sum(reported_deaths) as integer) as reported_deaths,
        round(sum(expected_deaths), 1) as expected_deaths,
        cast(sum(outcome_deaths) as integer) as outcome_deaths,
        round(sum(abs(outcome_deaths - reported_deaths)) / nullif(sum(outcome_deaths), 0), 4) as wape_reported,
        round(sum(abs(outcome_deaths - expected_deaths)) / nullif(sum(outcome_deaths), 0), 4) as wape_expected,
        round(sum(expected_deaths) / nullif(sum(outcome_deaths), 0) - 1, 4) as bias_expected,
        round(avg(if(outcome_deaths between expected_low and expected_high, 1, 0)), 4) as coverage,
    from compared
    group by grouping sets (
        (fit_as_of, horizon_days, outcome_as_of, status),
        (fit_as_of, horizon_days, outcome_as_of)
    )

)

select * from final
