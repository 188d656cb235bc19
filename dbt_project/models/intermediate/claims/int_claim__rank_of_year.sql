-- Rank of the last calendar year of the claim's period among the years of that period; later ones are no part of it.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'rank_of_year'

),

counts as (

    select * from {{ ref('int_claim_span_counts') }}

),

ranked as (

    select
        *,
        rank() over (partition by claim_id, side order by confirmed_deaths desc) as year_rank,
    from counts

),

final as (

    select
        sides.claim_id,
        sides.side,
        ranked.year_rank as low,
        ranked.inputs,
    from sides
    inner join ranked
        on
            sides.claim_id = ranked.claim_id
            and sides.side = ranked.side
            and cast(year(sides.period_end) as varchar) = ranked.span

)

select * from final
