-- The newest probate estimate known on either side of a claim, of its period: a weekly release, spread evenly over the
-- days of its weeks, or what its authors stated for exactly that period. A statement whose day is unknown cannot be
-- said to have been known by any day and is left out.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'killed_per_km2'

),

probate_estimates as (

    select * from {{ ref('stg_mediazona__probate_estimates') }}

),

statements as (

    select * from {{ ref('deaths_published_curated') }}
    where
        measure = 'estimated_killed'
        and date_basis = 'modelled probate'

),

releases as (

    select
        sides.claim_id,
        sides.side,
        sides.period_end,
        sides.published_on,
        probate_estimates.as_of,
        max(probate_estimates.week_start) + 6 as deaths_through,
        sum(
            probate_estimates.probate_estimate / 7 * greatest(
                0,
                least(probate_estimates.week_start + 6, sides.period_end)
                - greatest(probate_estimates.week_start, sides.period_start) + 1
            )
        ) as low,
        null as high,
    from sides
    inner join probate_estimates on sides.known_by >= probate_estimates.as_of
    group by all

),

stated as (

    select
        sides.claim_id,
        sides.side,
        sides.period_end,
        sides.published_on,
        {{ day_of_publication('statements.published_on') }} as as_of,
        sides.period_end as deaths_through,
        coalesce(statements.low, statements.central) as low,
        coalesce(statements.high, statements.central) as high,
    from sides
    inner join statements
        on
            sides.period_start = statements.period_start
            and sides.period_end = statements.period_end
            and sides.known_by >= {{ day_of_publication('statements.published_on') }}

),

candidates as (

    select * from releases
    union all
    select * from stated

),

final as (

    select
        claim_id,
        side,
        low,
        high,
        {{ claim_input("'probate_estimate'", 'as_of', 'deaths_through', 'period_end') }} as data_input,
        -- Then, the newest statement of its day stands however old it is.
        {{ claim_input("'probate_estimate'", 'as_of', 'as_of', "if(side = 'now', published_on, null)") }}
            as release_input,
    from candidates
    qualify row_number() over (
        partition by claim_id, side
        order by deaths_through >= period_end desc, as_of desc, low
    ) = 1

)

select * from final
