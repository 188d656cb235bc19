-- The map was read several times a day: the last reading stands for it. Days are those the author prints, whose clock
-- ran on Central European Time.

with

source as (

    select * from {{ source('observations', 'occupied_area_2022_23') }}

),

readings as (

    select
        cast(observed_at at time zone 'UTC' at time zone 'Europe/Berlin' as date) as area_date,
        observed_at,
        occupied_km2,
    from source

),

final as (

    select
        area_date,
        max_by(occupied_km2, observed_at) as occupied_km2,
        max(observed_at) as observed_at,
    from readings
    group by area_date

)

select * from final
