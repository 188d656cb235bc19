-- The periods that recruits are told for: quarters, halves and years, and what speakers count from 1 January to a day
-- that ends none of them. Such a window is made by its statements, so that losses are counted for exactly its days.

with

calendar_periods as (

    select
        grain,
        period,
        period_start,
        period_end,
    from {{ ref('int_periods') }}
    where grain in ('quarter', 'half', 'year')

),

statements as (

    select * from {{ ref('int_recruitment_statements') }} where not_counted_because is null

),

-- What misses a period's end by some days only is counted for that period.
windows as (

    select distinct
        statements.period_start,
        statements.period_end,
    from statements
    anti join calendar_periods
        on
            statements.period_start = calendar_periods.period_start
            and abs(statements.period_end - calendar_periods.period_end) <= {{ threshold('recruitment_boundary_days') }}
    where
        statements.is_ytd
        and year(statements.period_end) = year(statements.period_start)

),

final as (

    select * from calendar_periods

    union all

    select
        'year_to_date' as grain,
        strftime(period_start, '%Y-%m..')
        || if(period_end = last_day(period_end), strftime(period_end, '%m'), strftime(period_end, '%m-%d')) as period,
        period_start,
        period_end,
    from windows

)

select * from final
