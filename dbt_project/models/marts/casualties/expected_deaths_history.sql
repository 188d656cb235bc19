-- What each vintage let one expect, kept for as-of queries: the counts it starts from are in confirmed_deaths_history.

with

expected_deaths as (

    select * from {{ ref('int_expected_deaths') }} where horizon_days = {{ threshold('expected_horizon_days') }}

),

later as (

    select * from {{ ref('int_expected_deaths_later') }}
    qualify row_number() over (partition by fit_as_of, week_start order by later_as_of desc, later_is_exact desc) = 1

),

final as (

    select
        expected_deaths.fit_as_of as as_of,
        expected_deaths.week_start,
        round(expected_deaths.expected_deaths, 1) as expected_deaths_6m,
        round(expected_deaths.expected_low, 1) as expected_low,
        round(expected_deaths.expected_high, 1) as expected_high,
        round(1 / expected_deaths.growth_factor, 4) as completeness,
        expected_deaths.status,
        expected_deaths.break_date,
        later.later_as_of,
        later.reading as later_reading,
        cast(round(later.later_deaths) as integer) as later_confirmed_deaths,
        later.later_deaths > expected_deaths.expected_deaths as is_overtaken,
    from expected_deaths
    left join later
        on
            expected_deaths.fit_as_of = later.fit_as_of
            and expected_deaths.week_start = later.week_start

)

select * from final
