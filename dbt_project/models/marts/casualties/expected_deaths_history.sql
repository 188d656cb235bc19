-- What each vintage let one expect, kept for as-of queries: the counts it starts from are in confirmed_deaths_history.

with

expected_deaths as (

    select * from {{ ref('int_expected_deaths') }} where horizon_days = {{ threshold('expected_horizon_days') }}

),

final as (

    select
        fit_as_of as as_of,
        week_start,
        round(expected_deaths, 1) as expected_deaths_6m,
        round(expected_low, 1) as expected_low,
        round(expected_high, 1) as expected_high,
        round(1 / growth_factor, 4) as completeness,
        status,
    from expected_deaths

)

select * from final
