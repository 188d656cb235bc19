-- How much higher the quietest weeks of the last year of the claim's period lie than those of the years before it in
-- the period, each over its own mean: above zero where the last year had no lull like theirs. A year whose newest weeks
-- are too young to tell is not over yet.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'weekly_deaths_pattern'

),

answering as (

    select * from {{ ref('int_claim_list_readings') }}

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
        [
            any_value(answering.data_input),
            any_value(answering.reading_input),
            {{ claim_input(
                "'confirmed_deaths ' || any_value(answering.reading)",
                'any_value(answering.as_of)',
                'max(if(waves.is_whole_year, sides.period_end, waves.last_week_start + 6))
                filter (waves.death_year = year(sides.period_end))',
                'any_value(sides.period_end)'
            ) }}
        ] as inputs,
    from sides
    inner join answering
        on
            sides.claim_id = answering.claim_id
            and sides.side = answering.side
    inner join waves
        on
            answering.as_of = waves.as_of
            and waves.death_year between year(sides.period_start) and year(sides.period_end)
    group by sides.claim_id, sides.side

)

select * from final
