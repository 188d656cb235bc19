-- Areas are not revised here, so both sides are one figure. The claim's series names who measures the area.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'km2_gained'

),

areas as (

    select * from {{ ref('losses_per_km2') }}

),

final as (

    select
        sides.claim_id,
        sides.side,
        areas.net_km2 as low,
    from sides
    inner join areas
        on
            sides.series = areas.area_source
            and sides.period_start = areas.period_start
            and sides.period_end = areas.period_end

)

select * from final
