-- The net area of the claim's period, by whose area its series names: DeepState's map, or what was published.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'km2_gained'

),

areas as (

    select * from {{ ref('int_area_by_period') }} where area_source = 'DeepState'

),

map_days as (

    select area_date from {{ ref('int_occupied_area_by_day') }}

),

statements as (

    select * from {{ ref('int_published_area_statements') }} where measure = 'km2_gained'

),

map_ends as (

    select
        sides.claim_id,
        sides.side,
        max(map_days.area_date) as area_through,
    from sides
    inner join map_days on sides.known_by >= map_days.area_date
    where sides.series = 'DeepState'
    group by sides.claim_id, sides.side

),

-- The map is computed by day and is not revised here: its area is known when its last day is.
computed as (

    select
        sides.claim_id,
        sides.side,
        areas.net_km2 as low,
        coalesce(areas.area_to, map_ends.area_through) as as_of,
        {{ claim_input("'occupied_area'", 'as_of', 'map_ends.area_through', 'sides.period_end') }} as area_input,
    from sides
    inner join map_ends
        on
            sides.claim_id = map_ends.claim_id
            and sides.side = map_ends.side
    left join areas
        on
            sides.period_start = areas.period_start
            and sides.period_end = areas.period_end

),

published as (

    select
        sides.claim_id,
        sides.side,
        statements.stated_km2 as low,
        statements.published_on as as_of,
        {{ claim_input("'area_statement'", 'statements.published_on') }} as area_input,
    from sides
    inner join statements
        on
            sides.series = statements.area_source
            and sides.period_start = statements.period_start
            and sides.period_end = statements.period_end
            and sides.known_by >= statements.published_on
    where not statements.is_bound

),

candidates as (

    select * from computed
    union all
    select * from published

),

final as (

    select
        claim_id,
        side,
        low,
        [area_input] as inputs,
    from candidates
    qualify row_number() over (partition by claim_id, side order by as_of desc, low) = 1

)

select * from final
