-- Every reading of the list by ISO week, for what is expected by week. A weekly export has weeks of its own, whose days
-- are parted among the two ISO weeks they lie in.

with

daily_vintages as (

    select * from {{ ref('int_confirmed_deaths_by_week') }}

),

weeks as (

    select
        week_start,
        week_start as window_start,
        week_end as window_end,
    from {{ ref('int_weeks') }}

),

weekly_exports as (

    select * from {{ ref('int_list_readings') }} where reading = 'weekly_export'

),

cut as (

    {{ list_readings_of('weeks', 'weekly_exports') }}

),

final as (

    select
        'daily_vintage' as reading,
        as_of,
        week_start,
        cast(confirmed_deaths as double) as confirmed_deaths,
        true as is_exact,
    from daily_vintages

    union all

    select
        reading,
        as_of,
        week_start,
        confirmed_deaths,
        is_exact,
    from cut
    where covered_days = window_days

)

select * from final
