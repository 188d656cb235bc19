with

source as (

    select * from {{ source('observations', 'claimed_losses_second') }}

),

final as (

    select
        report_date,
        category as second_category,
        claimed_losses_cum,
    from source

)

select * from final
