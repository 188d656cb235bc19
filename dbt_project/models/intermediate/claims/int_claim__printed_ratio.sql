-- A ratio from the inputs printed with it, which are the same then and now.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'printed_ratio'

),

final as (

    select
        claim_id,
        side,
        printed_numerator / nullif(printed_denominator, 0) as low,
        [{{ claim_input("'printed_with_it'", 'published_on') }}] as inputs,
    from sides
    where printed_numerator / nullif(printed_denominator, 0) is not null

)

select * from final
