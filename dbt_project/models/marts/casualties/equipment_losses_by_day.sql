with

equipment_losses as (

    select * from {{ ref('int_equipment_losses_by_day') }}

),

final as (

    select
        report_date,
        covered_date,
        category,
        cast(claimed_losses as integer) as claimed_losses,
        claimed_losses_cum,
        announced_correction <> 0 or coalesce(claimed_losses < 0, false) as is_correction,
        announced_correction,
        source,
    from equipment_losses

)

select * from final
