-- Claims of the article this project started from, and published ratios, computed twice: as known when they were
-- published and now. What the release words them from are codes and figures here.

with

claims as (

    select * from {{ ref('int_claims') }}

),

verdicts as (

    select * from {{ ref('int_claim_verdicts') }}

),

final as (

    select
        claims.claim_id,
        claims.statement,
        claims.ratio_name,
        claims.period_start,
        claims.period_end,
        claims.claimed_by,
        claims.published_on,
        claims.unit,
        claims.stated_low,
        claims.stated_high,
        {{ claim_figure_or_day('claims.stated_in_words', 'claims.stated_day') }} as stated_in_words,
        verdicts.as_of_then,
        {{ claim_figure_or_day('verdicts.then_low', 'verdicts.then_day') }} as computed_then,
        verdicts.then_high as computed_then_high,
        claims.method_then as computed_then_from,
        verdicts.as_of_now,
        {{ claim_figure_or_day('verdicts.now_low', 'verdicts.now_day') }} as computed_now,
        verdicts.now_high as computed_now_high,
        claims.method_now as computed_now_from,
        claims.kind,
        claims.tolerance,
        verdicts.held_then,
        verdicts.holds_now,
        verdicts.verdict,
        claims.definition,
        claims.note,
        claims.source_url,
    from claims
    inner join verdicts on claims.claim_id = verdicts.claim_id

)

select * from final
