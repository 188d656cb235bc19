-- Totals that follow from our own figures; the claim's series names the method.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'estimated_killed'

),

tolls as (

    select * from {{ ref('toll_estimates') }} where is_derived

),

final as (

    select
        sides.claim_id,
        sides.side,
        tolls.low,
        tolls.high,
    from sides
    inner join tolls
        on
            sides.as_of = tolls.as_of
            and sides.series = tolls.method

)

select * from final
