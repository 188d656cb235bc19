-- The deadliest day of the year in which the claim's period begins.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'date_of_max_daily_deaths'

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
    from sides
    inner join deaths
        on
            sides.as_of = deaths.as_of
            and year(sides.period_start) = year(deaths.death_date)
    group by sides.claim_id, sides.side

)

select * from final
