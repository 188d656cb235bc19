-- Every claim and every published ratio has a row on the scorecard, and nothing else has.

with

needed as (

    select claim_id from {{ ref('claims') }}

    union all

    select ratio_id as claim_id from {{ ref('ratios_published') }}

),

scored as (

    select claim_id as scored_id from {{ ref('published_claims') }}

),

final as (

    select *
    from needed
    full join scored on needed.claim_id = scored.scored_id
    where claim_id is null or scored_id is null

)

select * from final
