-- Rank of the claim's region, named by its series, among all regions by names located in each. Names without a region
-- are in no rank.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'rank_of_region'

),

deaths as (

    select * from {{ ref('deaths_by_region') }}

),

-- The newest whole vintage known on either side.
vintages as (

    select
        sides.claim_id,
        sides.side,
        max(deaths.as_of) as as_of,
    from sides
    inner join deaths on sides.known_by >= deaths.as_of
    group by sides.claim_id, sides.side

),

ranked as (

    select
        as_of,
        region,
        rank() over (partition by as_of order by confirmed_deaths desc) as region_rank,
    from deaths

),

final as (

    select
        sides.claim_id,
        sides.side,
        ranked.region_rank as low,
        [{{ claim_input("'deaths_by_region'", 'ranked.as_of', 'ranked.as_of', 'sides.period_end') }}] as inputs,
    from sides
    inner join vintages
        on
            sides.claim_id = vintages.claim_id
            and sides.side = vintages.side
    inner join ranked
        on
            vintages.as_of = ranked.as_of
            and sides.series = ranked.region

)

select * from final
