with

source as (

    select * from {{ source('observations', 'claimed_losses_second_reports') }}

),

final as (

    select
        report_date,
        source_url,
    from source

)

select * from final
