-- The newest bonus decreed in the claim's period less the newest before it, from decrees published by then. The claim's
-- series names the region.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'signup_bonus_rise'

),

bonuses as (

    select * from {{ ref('signup_bonus_curated') }} where measure = 'bonus'

),

known as (

    select
        sides.claim_id,
        sides.side,
        bonuses.date >= sides.period_start as is_in_period,
        max_by(bonuses.amount_rub, row(bonuses.date, bonuses.published_on)) as amount_rub,
        max(bonuses.published_on) as published_on,
    from sides
    inner join bonuses
        on
            sides.series = bonuses.region
            and sides.period_end >= bonuses.date
            and sides.known_by >= bonuses.published_on
    group by all

),

final as (

    select
        claim_id,
        side,
        max(amount_rub) filter (is_in_period) - max(amount_rub) filter (not is_in_period) as low,
        [{{ claim_input("'bonus_statement'", 'max(published_on)') }}] as inputs,
    from known
    group by claim_id, side
    having count(*) = 2

)

select * from final
