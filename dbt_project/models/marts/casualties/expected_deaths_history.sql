-- What each vintage let one expect, kept for as-of queries: the counts it starts from are in confirmed_deaths_history.

with

expected_deaths as (

    select * from {{ ref('int_expected_deaths') }} where horizon_days = {{ threshold('expected_horizon_days') }}

),

-- The newest reading of each week, of two of one day the one that counts by day.
newest as (

    select * from {{ ref('int_list_readings_by_week') }}
    qualify row_number() over (partition by week_start order by as_of desc, is_exact desc) = 1

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
        newest.as_of as later_as_of,
        newest.reading as later_reading,
        cast(round(newest.confirmed_deaths) as integer) as later_confirmed_deaths,
        newest.confirmed_deaths > expected_deaths.expected_deaths as is_overtaken,
    from expected_deaths
    left join newest
        on
            expected_deaths.week_start = newest.week_start
            and expected_deaths.fit_as_of < newest.as_of

)

select * from final
