-- The last calendar year of the claim's period over the first.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'ratio_of_years'

),

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

sums as (

    select
        sides.claim_id,
        sides.side,
        sum(deaths.confirmed_deaths) filter (year(deaths.death_date) = year(sides.period_end)) as last_year,
        sum(deaths.confirmed_deaths) filter (year(deaths.death_date) = year(sides.period_start)) as first_year,
    from sides
    inner join deaths on sides.as_of = deaths.as_of
    group by sides.claim_id, sides.side

),

final as (

    select
        claim_id,
        side,
        last_year / nullif(first_year, 0) as low,
    from sums

)

select * from final
