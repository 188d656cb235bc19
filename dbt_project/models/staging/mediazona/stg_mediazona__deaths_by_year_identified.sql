with

source as (

    select * from {{ source('observations', 'deaths_by_year_identified') }}

),

final as (

    select
        as_of,
        week_start,
        year_identified,
        confirmed_deaths,
    from source

)

select * from final
