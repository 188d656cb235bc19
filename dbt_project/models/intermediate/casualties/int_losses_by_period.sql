-- The measures of losses side by side for every week, calendar period and campaign, each of the days that its own
-- source covers and as of that source's own date.
--
-- Confirmed deaths are what is confirmed so far, a minimum by nature. Every other total is null where its series covers
-- too little of the period to speak for it.

with

periods as (

    select * from {{ ref('int_loss_periods') }}

),

current_step as (

    select * from {{ ref('int_vintage_steps') }} where is_current

),

confirmed as (

    select * from {{ ref('int_confirmed_deaths_by_period') }}

),

expected as (

    select * from {{ ref('int_expected_deaths_by_period') }}

),

probate as (

    select * from {{ ref('int_probate_estimate_by_period') }}

),

claimed as (

    select * from {{ ref('int_claimed_casualties_by_period') }}

),

later as (

    select * from {{ ref('int_later_readings_by_period') }}

),

final as (

    select
        periods.grain,
        periods.period,
        periods.period_start,
        periods.period_end,
        periods.period_days,
        periods.as_of,
        periods.data_through,
        periods.age_days,
        periods.is_partial,
        confirmed.confirmed_deaths,
        confirmed.confirmed_covered_days,
        expected.expected_deaths,
        {{ expected_low('confirmed.confirmed_deaths', 'expected.expected_deaths', 'expected.variance') }}
            as expected_low,
        {{ expected_high('confirmed.confirmed_deaths', 'expected.expected_deaths', 'expected.variance') }}
            as expected_high,
        confirmed.confirmed_deaths / nullif(expected.expected_deaths, 0) as completeness,
        {{ confirmation_status(
            'expected.expected_deaths is not null',
            'periods.age_days',
            'current_step.is_frozen',
        ) }} as status,
        probate.probate_estimate,
        probate.probate_covered_days,
        probate.probate_forecast_days,
        probate.probate_as_of,
        claimed.claimed_casualties,
        claimed.claims_covered_days,
        claimed.claims_as_of,
        later.later_as_of,
        later.later_confirmed_deaths,
        later.later_is_exact,
        later.later_confirmed_deaths > expected.expected_deaths as is_overtaken,
    from periods
    cross join current_step
    inner join confirmed
        on
            periods.grain = confirmed.grain
            and periods.period = confirmed.period
    inner join probate
        on
            periods.grain = probate.grain
            and periods.period = probate.period
    inner join claimed
        on
            periods.grain = claimed.grain
            and periods.period = claimed.period
    left join expected
        on
            periods.grain = expected.grain
            and periods.period = expected.period
    left join later
        on
            periods.grain = later.grain
            and periods.period = later.period

)

select * from final
