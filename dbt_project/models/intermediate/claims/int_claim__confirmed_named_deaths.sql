with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'confirmed_named_deaths'

),

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

final as (

    select
        sides.claim_id,
        sides.side,
        sum(deaths.confirmed_deaths) as low,
    from sides
    inner join deaths
        on
            sides.as_of = deaths.as_of
            and deaths.death_date between sides.period_start and sides.period_end
    group by sides.claim_id, sides.side

)

select * from final
