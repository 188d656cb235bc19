-- How far the quietest weeks of the claim's year, over its mean, stay above what counts as a lull: below zero where the
-- year had one. A year whose newest weeks are too young to tell is not over yet.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'weekly_deaths_lull'

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
        max(waves.lowest_8_weeks_over_mean) - {{ threshold('wave_lull_share') }} as low,
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
            and year(sides.period_end) = waves.death_year
    group by sides.claim_id, sides.side

)

select * from final
