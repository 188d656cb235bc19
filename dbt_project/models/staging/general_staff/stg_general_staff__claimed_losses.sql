with

source as (

    select * from {{ source('observations', 'claimed_losses') }}

),

final as (

    select
        report_date,
        category,
        claimed_losses_cum,
        correction as announced_correction,
    from source

)

select * from final
