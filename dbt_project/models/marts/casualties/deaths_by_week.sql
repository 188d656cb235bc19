with

losses as (

    select * from {{ ref('int_losses_by_period') }} where grain = 'week'

),

final as (

    select
        period_start as week_start,
        period_end as week_end,
        period as iso_week,
        is_partial as is_partial_week,
        {{ loss_measures() }},
    from losses
    where period_start <= data_through

)

select * from final
