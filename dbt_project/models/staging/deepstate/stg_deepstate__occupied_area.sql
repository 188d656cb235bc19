with

source as (

    select * from {{ source('observations', 'occupied_area') }}

),

final as (

    select
        area_date,
        occupied_km2,
        previous_date,
        gained_km2,
        lost_km2,
    from source

)

select * from final
