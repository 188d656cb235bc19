-- Cumulative claims only fall at corrections. Upstream dates a correction up to a day before the fall it explains.

with

claimed_losses as (

    select * from {{ ref('int_claimed_losses_by_day') }}

),

changes as (

    select
        report_date,
        category,
        claimed_losses_cum,
        announced_correction,
        claimed_losses_cum - lag(claimed_losses_cum) over by_category as change,
        announced_correction <> 0
        or lag(announced_correction, 1, 0) over by_category <> 0 as is_announced,
    from claimed_losses
    window by_category as (partition by category order by report_date)

)

select * from changes
where change < 0 and not is_announced
