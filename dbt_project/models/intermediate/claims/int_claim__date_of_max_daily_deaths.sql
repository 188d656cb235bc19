-- The day with most confirmed deaths in the claim's period.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'date_of_max_daily_deaths'

),

answering as (

    select * from {{ ref('int_claim_list_readings') }}

),

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

final as (

    select
        sides.claim_id,
        sides.side,
        -- Of several days as deadly, the first.
        min_by(deaths.death_date, row(-deaths.confirmed_deaths, deaths.death_date)) as day,
        [any_value(answering.data_input), any_value(answering.reading_input)] as inputs,
    from sides
    inner join answering
        on
            sides.claim_id = answering.claim_id
            and sides.side = answering.side
    inner join deaths
        on
            answering.as_of = deaths.as_of
            and deaths.death_date between sides.period_start and sides.period_end
    group by sides.claim_id, sides.side

)

select * from final
