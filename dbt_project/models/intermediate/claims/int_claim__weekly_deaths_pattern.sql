-- How much higher the quietest weeks of the last year of the claim's period lie than those of the years before it in
-- the period, each over its own mean: above zero where the last year had no lull like theirs.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'weekly_deaths_pattern'

),

waves as (

    select * from {{ ref('waves_by_year') }}

),

final as (

    select
        sides.claim_id,
        sides.side,
        max(waves.lowest_8_weeks_over_mean) filter (waves.death_year = year(sides.period_end))
        - max(waves.lowest_8_weeks_over_mean) filter (waves.death_year < year(sides.period_end)) as low,
    from sides
    inner join waves
        on
            sides.as_of = waves.as_of
            and waves.death_year between year(sides.period_start) and year(sides.period_end)
    group by sides.claim_id, sides.side

)

select * from final
