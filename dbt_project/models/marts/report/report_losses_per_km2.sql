with

quarters as (

    select * from {{ ref('losses_per_km2') }} where grain = 'quarter'

),

final as (

    select
        period,
        period_start,
        period_end,
        area_source,
        area_series as area,
        area_definition,
        net_km2,
        area_as_of,
        as_of,
        probate_as_of,
        claims_as_of,
        confirmed_deaths_per_km2,
        probate_estimate_per_km2,
        claimed_casualties_per_km2,
        suppressed_because,
        flagged_because,
    from quarters

)

select * from final
