-- Equipment as claimed each morning for the day before. A heading that appears after the series began takes over what
-- other headings counted before, so its first report has a level but no change. Headings vanish the same way: they end
-- with their last report.

with

claimed_losses as (

    select * from {{ ref('int_claimed_losses_by_day') }} where category not in ('personnel', 'pow')

),

final as (

    select
        report_date,
        report_date - 1 as covered_date,
        category,
        case
            when report_date = min(report_date) over () then claimed_losses_cum
            else claimed_losses_cum - lag(claimed_losses_cum) over (partition by category order by report_date)
        end as claimed_losses,
        claimed_losses_cum,
        announced_correction,
        source,
    from claimed_losses

)

select * from final
