with

area as (

    select * from {{ ref('int_occupied_area_by_day') }}

),

final as (

    select
        series,
        area_date,
        occupied_km2,
        gained_km2,
        lost_km2,
        net_km2,
        cast(days_since_previous as integer) as days_since_previous,
        cast(area_date - differenced_from as integer) as differenced_days,
        is_jump,
        is_flagged,
        flag_reason,
    from area

)

select * from final
