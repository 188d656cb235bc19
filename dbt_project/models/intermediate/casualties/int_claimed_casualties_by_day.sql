-- Killed and wounded as claimed each morning for the day before. The series starts at zero on the first day of the
-- invasion, so the first report is also the first day's change.

with

claimed_losses as (

    select * from {{ ref('int_claimed_losses_by_day') }}

),

personnel as (

    select
        report_date,
        claimed_losses_cum as claimed_casualties_cum,
        announced_correction,
        source,
        level_offset,
        claimed_losses_cum - coalesce(lag(claimed_losses_cum) over (order by report_date), 0) as claimed_casualties,
    from claimed_losses
    where category = 'personnel'

),

final as (

    select
        report_date,
        report_date - 1 as covered_date,
        claimed_casualties,
        claimed_casualties_cum,
        announced_correction,
        announced_correction <> 0 or claimed_casualties < 0 as is_correction,
        source,
        level_offset,
    from personnel

)

select * from final
