-- Confirmed deaths of the claim's period over those of the one it is compared with.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'ratio_of_periods'

),

counts as (

    select * from {{ ref('int_claim_span_counts') }}

),

sums as (

    select
        sides.claim_id,
        sides.side,
        max(counts.confirmed_deaths) filter (counts.span = 'period') as in_period,
        max(counts.confirmed_deaths) filter (counts.span = 'base') as in_base,
        any_value(counts.inputs) as inputs,
    from sides
    inner join counts
        on
            sides.claim_id = counts.claim_id
            and sides.side = counts.side
    group by sides.claim_id, sides.side

),

final as (

    select
        claim_id,
        side,
        in_period / nullif(in_base, 0) as low,
        inputs,
    from sums

)

select * from final
