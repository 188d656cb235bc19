-- One claim that states two years at once: the first year of its period as the lower, the last as the upper figure.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'confirmed_named_deaths_of_two_years'

),

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

final as (

    select
        sides.claim_id,
        sides.side,
        sum(deaths.confirmed_deaths) filter (year(deaths.death_date) = year(sides.period_start)) as low,
        sum(deaths.confirmed_deaths) filter (year(deaths.death_date) = year(sides.period_end)) as high,
    from sides
    inner join deaths
        on
            sides.as_of = deaths.as_of
            and deaths.death_date between sides.period_start and sides.period_end
    group by sides.claim_id, sides.side

)

select * from final
