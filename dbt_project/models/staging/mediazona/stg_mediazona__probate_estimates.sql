with

source as (

    select * from {{ source('observations', 'probate_estimates') }}

),

final as (

    select
        as_of,
        week_start,
        documented_deaths,
        probate_estimate,
        as_of = max(as_of) over () as is_newest_release,
    from source

)

select * from final
