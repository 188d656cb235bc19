with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'confirmed_named_cumulative'

),

vintages as (

    select * from {{ ref('int_vintages') }}

),

final as (

    select
        sides.claim_id,
        sides.side,
        vintages.named_total as low,
    from sides
    inner join vintages on sides.as_of = vintages.as_of

)

select * from final
