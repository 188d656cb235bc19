-- Every quarter as the newest reading of the list knows it, by day or by week: what a trend seen earlier is held
-- against. One reading for all, so that a quarter and the one before it are compared within it.

with

quarters as (

    select
        period,
        period_start as window_start,
        period_end as window_end,
    from {{ ref('int_periods') }}
    where grain = 'quarter'

),

-- Of two readings of one day the one that counts by day.
newest as (

    select
        reading,
        as_of,
    from {{ ref('int_list_readings') }}
    group by reading, as_of
    order by as_of desc, reading
    limit 1

),

newest_reading as (

    select readings.*
    from {{ ref('int_list_readings') }} as readings
    inner join newest
        on
            readings.reading = newest.reading
            and readings.as_of = newest.as_of

),

asked as (

    {{ list_readings_of('quarters', 'newest_reading') }}

),

final as (

    select
        period,
        reading,
        as_of,
        confirmed_deaths,
        is_exact,
    from asked
    where covered_days = window_days

)

select * from final
