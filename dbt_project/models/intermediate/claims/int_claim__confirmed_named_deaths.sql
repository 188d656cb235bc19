with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'confirmed_named_deaths'

),

counts as (

    select * from {{ ref('int_claim_span_counts') }}

),

final as (

    select
        sides.claim_id,
        sides.side,
        counts.confirmed_deaths as low,
        counts.inputs,
    from sides
    inner join counts
        on
            sides.claim_id = counts.claim_id
            and sides.side = counts.side

)

select * from final
