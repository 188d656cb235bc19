-- What the newest reading of the list says of a period, where it came after the current vintage: a weekly export may be
-- months newer than the last daily copy.

with

periods as (

    select
        grain,
        period,
        as_of as vintage_as_of,
        period_start as window_start,
        period_end as window_end,
    from {{ ref('int_loss_periods') }}

),

later_readings as (

    select * from {{ ref('int_list_readings') }}
    where as_of > (select max(vintages.as_of) from {{ ref('int_vintages') }} as vintages)

),

asked as (

    {{ list_readings_of('periods', 'later_readings') }}

),

final as (

    select
        grain,
        period,
        reading as later_reading,
        as_of as later_as_of,
        confirmed_deaths as later_confirmed_deaths,
        is_exact as later_is_exact,
    from asked
    where covered_days = window_days
    qualify row_number() over (partition by grain, period order by as_of desc, is_exact desc) = 1

)

select * from final
