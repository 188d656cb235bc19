with

source as (

    select * from {{ source('observations', 'deaths_by_branch') }}

),

final as (

    select
        as_of,
        week_start,
        branch,
        confirmed_deaths,
        week_total,
    from source

)

select * from final
