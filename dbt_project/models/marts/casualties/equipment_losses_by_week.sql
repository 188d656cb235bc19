-- A heading that appears after the series began takes over what other headings counted before, so its first week
-- has a level but no change. Headings vanish the same way: they end with their last report.

with

claimed_losses as (

    select * from {{ ref('int_claimed_losses_by_day') }} where category not in ('personnel', 'pow')

),

week_levels as (

    select
        cast(date_trunc('week', report_date) as date) as week_start,
        category,
        max_by(claimed_losses_cum, report_date) as claimed_losses_cum,
        max(report_date) as last_report,
        max_by(source, report_date) as source,
        bool_or(announced_correction <> 0) as has_correction,
    from claimed_losses
    group by all

),

final as (

    select
        week_start,
        {{ iso_week('week_start') }} as iso_week,
        category,
        case
            when week_start = min(week_start) over () then claimed_losses_cum
            else claimed_losses_cum - lag(claimed_losses_cum) over (partition by category order by week_start)
        end as claimed_losses,
        claimed_losses_cum,
        has_correction,
        last_report < week_start + 6 as is_partial_week,
        source,
    from week_levels

)

select * from final
