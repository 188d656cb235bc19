with

source as (

    select * from {{ source('observations', 'confirmed_deaths_vintages') }}

),

final as (

    select
        as_of,
        last_seen,
        data_through,
        dated_total,
        lag(as_of) over by_as_of as previous_as_of,
        lead(as_of) over by_as_of as next_as_of,
        lead(as_of) over by_as_of is null as is_current,
    from source
    window by_as_of as (order by as_of)

)

select * from final
