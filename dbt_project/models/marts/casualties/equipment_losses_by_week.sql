with

equipment_losses as (

    select * from {{ ref('int_equipment_losses_by_day') }}

),

weeks as (

    select
        cast(date_trunc('week', covered_date) as date) as week_start,
        category,
        -- A week in which a heading began has a level but no change, as its first report has.
        if(count(claimed_losses) = count(*), sum(claimed_losses), null) as claimed_losses,
        max_by(claimed_losses_cum, covered_date) as claimed_losses_cum,
        max(covered_date) as covered_through,
        max_by(source, covered_date) as source,
        bool_or(announced_correction <> 0) as has_correction,
    from equipment_losses
    group by all

),

final as (

    select
        week_start,
        {{ iso_week('week_start') }} as iso_week,
        category,
        cast(claimed_losses as integer) as claimed_losses,
        claimed_losses_cum,
        has_correction,
        covered_through < week_start + 6 as is_partial_week,
        (select max(newest.report_date) from equipment_losses as newest) as claims_as_of,
        source,
    from weeks

)

select * from final
