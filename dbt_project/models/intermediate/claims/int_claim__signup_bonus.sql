-- The lowest and highest bonus decreed until the end of the claim's period. The claim's series names the region.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'signup_bonus'

),

bonuses as (

    select * from {{ ref('signup_bonus') }} where measure = 'bonus'

),

final as (

    select
        sides.claim_id,
        sides.side,
        min(bonuses.amount_rub) as low,
        max(bonuses.amount_rub) as high,
    from sides
    inner join bonuses
        on
            sides.series = bonuses.region
            and sides.period_end >= bonuses.amount_date
    group by sides.claim_id, sides.side

)

select * from final
