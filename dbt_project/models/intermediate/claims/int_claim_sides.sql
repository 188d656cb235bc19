-- A claim is computed on two sides: then, from what was published by its day, and now, from all there is. A claim whose
-- day is unknown has no side of then, but for what is printed with it.

with

claims as (

    select * from {{ ref('int_claims') }} where kind not in ('not_covered', 'not_numeric')

),

sides as (

    select unnest(['then', 'now']) as side

),

final as (

    select
        claims.claim_id,
        sides.side,
        claims.metric,
        claims.series,
        if(sides.side = 'then', claims.basis_then, claims.basis_now) as basis,
        claims.period_start,
        claims.period_end,
        claims.base_start,
        claims.base_end,
        claims.printed_numerator,
        claims.printed_denominator,
        claims.published_on,
        -- Inputs from after this day are not looked at.
        if(sides.side = 'then', claims.published_on, date '9999-12-31') as known_by,
    from claims
    cross join sides
    where sides.side = 'now' or claims.published_on is not null or claims.metric = 'printed_ratio'

)

select * from final
