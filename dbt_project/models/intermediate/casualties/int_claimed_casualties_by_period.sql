-- Claimed casualties of a period: differences of the cumulative claim between the report of the last day and that of
-- the day before the first. A missing report at the end leaves the period without a row, one at its start without a
-- figure.

with

periods as (

    select * from {{ ref('int_loss_periods') }}

),

claimed_casualties as (

    select * from {{ ref('int_claimed_casualties_by_day') }}

),

final as (

    select
        periods.grain,
        periods.period,
        at_end.claimed_casualties_cum - if(
            periods.period_start <= (select min(claimed_casualties.report_date) from claimed_casualties),
            0,
            before_start.claimed_casualties_cum
        ) as claimed_casualties,
    from periods
    inner join claimed_casualties as at_end on periods.period_end = at_end.report_date
    left join claimed_casualties as before_start on periods.period_start - 1 = before_start.report_date

)

select * from final
