with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'confirmed_named_cumulative'

),

totals as (

    select * from {{ ref('int_claim_totals') }}

),

final as (

    select
        sides.claim_id,
        sides.side,
        totals.named_total as low,
        [totals.total_input] as inputs,
    from sides
    inner join totals
        on
            sides.claim_id = totals.claim_id
            and sides.side = totals.side

)

select * from final
