-- What each vintage let one expect of each week, beside every reading of the list that came later, whatever its grid.

with

expected_deaths as (

    select * from {{ ref('int_expected_deaths') }} where horizon_days = {{ threshold('expected_horizon_days') }}

),

readings as (

    select * from {{ ref('int_list_readings_by_week') }}

),

final as (

    select
        expected_deaths.fit_as_of,
        expected_deaths.week_start,
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

)

select * from final
