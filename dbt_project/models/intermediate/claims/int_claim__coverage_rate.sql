-- The named total on the day of the newest probate estimate of the whole war, over that estimate: a weekly release, or
-- what its authors stated. Both sides are computed alike.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'coverage_rate'

),

named_totals as (

    select * from {{ ref('int_named_totals') }} where is_exact and as_of_precision = 'day'

),

probate_estimates as (

    select * from {{ ref('stg_mediazona__probate_estimates') }}

),

statements as (

    select * from {{ ref('estimates') }}
    where
        measure = 'estimated_killed'
        and method like 'probate registry%'
        and method not like '%extrapolated'
        and claimant = 'Meduza / Mediazona'

),

whole_war as (

    select
        as_of,
        sum(probate_estimate) as killed_low,
        sum(probate_estimate) as killed_high,
    from probate_estimates
    group by as_of

    union all

    -- An interval around a central value is the method's own uncertainty; a range stands where there is none.
    select
        {{ day_of_publication('published_on') }} as as_of,
        coalesce(central, low) as killed_low,
        coalesce(central, high) as killed_high,
    from statements
    where {{ day_of_publication('published_on') }} is not null

),

known as (

    select
        sides.claim_id,
        sides.side,
        sides.published_on,
        whole_war.*,
    from sides
    inner join whole_war on sides.known_by >= whole_war.as_of
    qualify row_number() over (
        partition by sides.claim_id, sides.side
        order by whole_war.as_of desc, whole_war.killed_low
    ) = 1

),

final as (

    select
        known.claim_id,
        known.side,
        named_totals.named_total / known.killed_high as low,
        named_totals.named_total / known.killed_low as high,
        [
            {{ claim_input("'probate_estimate'", 'known.as_of', 'known.as_of',
                "if(known.side = 'now', known.published_on, null)") }},
            {{ claim_input("'named_total'", 'named_totals.as_of') }}
        ] as inputs,
    from known
    asof join named_totals on known.as_of >= named_totals.as_of

)

select * from final
