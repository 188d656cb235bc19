-- The list over the area as known then, scaled by the coverage band where the claim states no range; the probate
-- estimate over the same area now. The claim's series names who measures the area.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'killed_per_km2'

),

areas as (

    select * from {{ ref('losses_per_km2') }}

),

vintages as (

    select * from {{ ref('int_vintages') }}

),

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

deaths_per_area as (

    select
        sides.claim_id,
        sides.side,
        sides.is_range,
        sum(deaths.confirmed_deaths) / any_value(areas.net_km2) as named_per_km2,
        named_per_km2 * any_value(vintages.deaths_per_dated_name_high) as band_high_per_km2,
        any_value(areas.probate_estimate_per_km2) as probate_per_km2,
    from sides
    inner join areas
        on
            sides.series = areas.area_source
            and sides.period_start = areas.period_start
            and sides.period_end = areas.period_end
    inner join vintages on sides.as_of = vintages.as_of
    inner join deaths
        on
            sides.as_of = deaths.as_of
            and deaths.death_date between sides.period_start and sides.period_end
    group by sides.claim_id, sides.side, sides.is_range

),

final as (

    select
        claim_id,
        side,
        case when side = 'now' then probate_per_km2 when is_range then named_per_km2 else band_high_per_km2 end as low,
        if(is_range and side = 'then', band_high_per_km2, null) as high,
    from deaths_per_area

)

select * from final
