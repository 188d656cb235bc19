-- Rank of the last year of the claim's period among all calendar years of the list.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'rank_of_year'

),

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

calendar_years as (

    select
        as_of,
        year(death_date) as death_year,
        rank() over (partition by as_of order by sum(confirmed_deaths) desc) as year_rank,
    from deaths
    group by as_of, year(death_date)

),

final as (

    select
        sides.claim_id,
        sides.side,
        calendar_years.year_rank as low,
    from sides
    inner join calendar_years
        on
            sides.as_of = calendar_years.as_of
            and year(sides.period_end) = calendar_years.death_year

)

select * from final
