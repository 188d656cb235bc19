-- A claim that states two years at once: the first of its period, the last.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'confirmed_named_deaths_by_year'

),

counts as (

    select * from {{ ref('int_claim_span_counts') }}

),

final as (

    select
        sides.claim_id,
        sides.side,
        max(counts.confirmed_deaths) filter (counts.span = cast(year(sides.period_start) as varchar)) as low,
        max(counts.confirmed_deaths) filter (counts.span = cast(year(sides.period_end) as varchar)) as high,
        any_value(counts.inputs) as inputs,
    from sides
    inner join counts
        on
            sides.claim_id = counts.claim_id
            and sides.side = counts.side
    group by sides.claim_id, sides.side

)

select * from final
