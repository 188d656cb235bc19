with

source as (

    select * from {{ source('observations', 'deaths_by_region') }}

),

final as (

    select
        as_of,
        region,
        region_ru,
        confirmed_deaths,
    from source

)

select * from final
