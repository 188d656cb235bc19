with

source as (

    select * from {{ source('observations', 'confirmed_deaths') }}

),

final as (

    select
        as_of,
        death_date,
        change as confirmed_deaths_change,
    from source

)

select * from final
