-- A claim meets two vintages: the newest known on its day, and the newest there is. A printed ratio meets none: its
-- inputs stand beside it.

with

claims as (

    select * from {{ ref('int_claims') }} where metric <> 'printed_ratio'

),

vintages as (

    select * from {{ ref('int_vintages') }}

),

known_then as (

    select
        claims.claim_id,
        max(vintages.as_of) as as_of,
    from claims
    left join vintages on claims.published_on >= vintages.as_of
    group by claims.claim_id

),

sides as (

    select
        'then' as side,
        *,
    from known_then

    union all

    select
        'now' as side,
        claims.claim_id,
        vintages.as_of,
    from claims
    cross join vintages
    where vintages.is_current

),

final as (

    select
        claims.claim_id,
        sides.side,
        sides.as_of,
        claims.metric,
        claims.series,
        claims.period_start,
        claims.period_end,
        claims.published_on,
        claims.stated_high is not null as is_range,
    from claims
    inner join sides on claims.claim_id = sides.claim_id

)

select * from final
