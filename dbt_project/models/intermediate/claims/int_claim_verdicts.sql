-- Verdicts follow from the figures and the tolerance of the claim, so they turn with the data.

with

claims as (

    select * from {{ ref('int_claims') }}

),

sides as (

    select * from {{ ref('int_claim_sides') }}

),

figures as (

    select * from {{ ref('int_claim_figures') }} where low is not null or day is not null

),

-- A figure of a printed ratio is of no vintage.
computed as (

    select
        figures.*,
        sides.as_of,
    from figures
    left join sides
        on
            figures.claim_id = sides.claim_id
            and figures.side = sides.side

),

compared as (

    select
        claims.*,
        coalesce(claims.stated_low, claims.stated_in_words) as target_low,
        coalesce(claims.stated_high, target_low) as target_high,
        claims.stated_day as target_day,
        known_then.as_of as as_of_then,
        known_then.low as then_low,
        known_then.high as then_high,
        coalesce(known_then.high, known_then.low) as then_upper,
        known_then.day as then_day,
        known_now.as_of as as_of_now,
        known_now.low as now_low,
        known_now.high as now_high,
        coalesce(known_now.high, known_now.low) as now_upper,
        known_now.day as now_day,
    from claims
    left join computed as known_then
        on
            claims.claim_id = known_then.claim_id
            and known_then.side = 'then'
    left join computed as known_now
        on
            claims.claim_id = known_now.claim_id
            and known_now.side = 'now'

),

held as (

    select
        *,
        {{ claim_holds('then') }} as held_then,
        {{ claim_holds('now') }} as holds_now,
    from compared

),

final as (

    select
        claim_id,
        as_of_then,
        then_low,
        then_high,
        then_day,
        held_then,
        as_of_now,
        now_low,
        now_high,
        now_day,
        holds_now,
        case
            when kind = 'not_numeric' then 'not_numeric'
            when kind = 'not_covered' or (now_low is null and now_day is null) then 'not_derivable'
            -- Only a later method gives it: it did not follow from what stood beside it.
            when kind = 'at_least' and held_then is false and holds_now and method_then <> method_now
                then 'not_derivable'
            when holds_now then 'reproduced'
            when kind = 'printed_ratio' then 'not_derivable'
            when held_then then 'superseded'
            -- The list only began below the stated figure and has passed it.
            when kind in ('count', 'range') and then_low < target_low and now_low > target_high then 'superseded'
            when definition is not null then 'definition_differs'
            else 'not_derivable'
        end as verdict,
    from held

)

select * from final
