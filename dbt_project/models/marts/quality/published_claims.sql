-- Claims of the article this project started from, and published ratios, computed twice: from what was published by
-- their day and from all there is. What the release words them from are codes and figures here.

with

claims as (

    select * from {{ ref('int_claims') }}

),

verdicts as (

    select * from {{ ref('int_claim_verdicts') }}

),

-- The other ways to read the same statement, each with what became of it.
siblings as (

    select
        verdicts.claim_id,
        string_agg(
            printf('%s (%s): %s', others.claim_id, others.reading, others.verdict),
            '; ' order by others.claim_id
        ) as other_readings,
    from verdicts
    inner join verdicts as others
        on
            verdicts.statement_id = others.statement_id
            and verdicts.claim_id <> others.claim_id
    group by verdicts.claim_id

),

final as (

    select
        claims.claim_id,
        claims.statement_id,
        claims.reading,
        claims.statement,
        claims.ratio_name,
        claims.period_start,
        claims.period_end,
        claims.claimed_by,
        claims.published_on,
        claims.unit,
        claims.kind,
        claims.tolerance,
        claims.stated_low,
        claims.stated_high,
        {{ claim_figure_or_day('claims.stated_in_words', 'claims.stated_day') }} as stated_in_words,
        claims.stated_day,
        verdicts.as_of_then,
        {{ claim_figure_or_day('verdicts.then_low', 'verdicts.then_day') }} as computed_then,
        verdicts.then_high as computed_then_high,
        verdicts.then_day as computed_then_day,
        claims.method_then as computed_then_from,
        verdicts.then_rests_on as computed_then_rests_on,
        verdicts.held_then,
        verdicts.stands_then,
        verdicts.as_of_now,
        {{ claim_figure_or_day('verdicts.now_low', 'verdicts.now_day') }} as computed_now,
        verdicts.now_high as computed_now_high,
        verdicts.now_day as computed_now_day,
        claims.method_now as computed_now_from,
        verdicts.now_rests_on as computed_now_rests_on,
        verdicts.holds_now,
        verdicts.stands_now,
        verdicts.ending_input,
        verdicts.input_ends_on,
        verdicts.input_needed_through,
        verdicts.verdict,
        siblings.other_readings,
        claims.definition,
        claims.note,
        claims.source_url,
    from claims
    inner join verdicts on claims.claim_id = verdicts.claim_id
    left join siblings on claims.claim_id = siblings.claim_id

)

select * from final
