-- Every week, calendar period, campaign and window of recruitment, and how the current vintage of the list stands to
-- it. All series begin with the war, so the days of a period are counted from the war's first day on.

with

periods as (

    select grain, period, period_start, period_end from {{ ref('int_periods') }}

    union all

    select 'week' as grain, iso_week as period, week_start as period_start, week_end as period_end,
    from {{ ref('int_weeks') }}

    union all

    select grain, period, period_start, period_end from {{ ref('int_recruitment_periods') }}
    where grain = 'year_to_date'

),

current_vintage as (

    select * from {{ ref('int_vintages') }} where is_current

),

final as (

    select
        periods.grain,
        periods.period,
        periods.period_start,
        periods.period_end,
        greatest(periods.period_end - greatest(periods.period_start, date '{{ threshold("war_start") }}') + 1, 0)
            as period_days,
        current_vintage.as_of,
        current_vintage.data_through,
        current_vintage.as_of - periods.period_end as age_days,
        periods.period_start < date '{{ threshold("war_start") }}'
        or periods.period_end > current_vintage.data_through as is_partial,
    from periods
    cross join current_vintage

)

select * from final
