-- Verdicts follow from the figures and the kind of the claim, so they turn with the data.

with

claims as (

    select * from {{ ref('int_claims') }}

),

figures as (

    select * from {{ ref('int_claim_figures') }}

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
        known_then.rests_on as then_rests_on,
        known_now.as_of as as_of_now,
        known_now.low as now_low,
        known_now.high as now_high,
        coalesce(known_now.high, known_now.low) as now_upper,
        known_now.day as now_day,
        known_now.rests_on as now_rests_on,
        -- What leaves a side without a figure: of now first, for that decides the verdict.
        coalesce(known_now.ending_input, known_then.ending_input) as ending_input,
        coalesce(known_now.input_ends_on, known_then.input_ends_on) as input_ends_on,
        coalesce(known_now.input_needed_through, known_then.input_needed_through) as input_needed_through,
    from claims
    left join figures as known_then
        on
            claims.claim_id = known_then.claim_id
            and known_then.side = 'then'
    left join figures as known_now
        on
            claims.claim_id = known_now.claim_id
            and known_now.side = 'now'

),

held as (

    select
        *,
        {{ claim_holds('then') }} as held_then,
        {{ claim_holds('now') }} as holds_now,
        {{ claim_stands('then', 'held_then') }} as stands_then,
        {{ claim_stands('now', 'holds_now') }} as stands_now,
        then_low is not null or then_day is not null as has_then,
        now_low is not null or now_day is not null as has_now,
    from compared

),

final as (

    select
        claim_id,
        statement_id,
        reading,
        -- A side without a figure has no dates.
        if(has_then, as_of_then, null) as as_of_then,
        if(has_then, then_rests_on, null) as then_rests_on,
        then_low,
        then_high,
        then_day,
        held_then,
        stands_then,
        if(has_now, as_of_now, null) as as_of_now,
        if(has_now, now_rests_on, null) as now_rests_on,
        now_low,
        now_high,
        now_day,
        holds_now,
        stands_now,
        ending_input,
        input_ends_on,
        input_needed_through,
        case
            when kind = 'not_numeric' then 'not_numeric'
            when kind = 'not_covered' then 'not_derivable'
            when holds_now is null and ending_input is not null then 'input_ends'
            when holds_now is null then 'not_derivable'
            when holds_now and held_then is false then 'came_true'
            when holds_now then 'reproduced'
            when held_then then 'superseded'
            when definition is not null then 'definition_differs'
            when held_then is false then 'contradicted'
            -- What was known then decides between superseded and contradicted, and there is none.
            when ending_input is not null then 'input_ends'
            else 'not_derivable'
        end as verdict,
    from held

)

select * from final
