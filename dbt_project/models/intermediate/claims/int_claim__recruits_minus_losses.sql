-- Recruits of the basis that the claim's series names, less claimed casualties of its period. Then, only where all that
-- the figure rests on had been published.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'recruits_minus_losses'

),

recruitment as (

    select * from {{ ref('recruitment_vs_losses') }}

),

statements as (

    select * from {{ ref('stg_curated__recruitment') }}

),

claimed_casualties as (

    select max(report_date) - 1 as covered_through from {{ ref('int_claimed_casualties_by_day') }}

),

-- A derivation is known when the last statement it rests on is. Of one whose day is unknown nobody can say that.
dated as (

    select
        recruitment.basis,
        recruitment.period,
        recruitment.period_start,
        recruitment.period_end,
        recruitment.recruits_minus_claimed_casualties_low as low,
        recruitment.recruits_minus_claimed_casualties_high as high,
        if(
            count(*) = count(statements.published_on),
            max(statements.published_on),
            null
        ) as statements_as_of,
    from recruitment
    inner join statements
        on
            recruitment.basis = statements.basis
            and list_contains(string_split(recruitment.source_urls, ' '), statements.source_url)
            and year(recruitment.period_start) = year(statements.period_start)
    group by all

),

final as (

    select
        sides.claim_id,
        sides.side,
        dated.low,
        dated.high,
        [
            {{ claim_input("'recruitment_statement'", 'dated.statements_as_of') }},
            -- The report of a day is published the morning after.
            {{ claim_input("'claimed_casualties'", 'dated.period_end + 1', 'claimed_casualties.covered_through',
                'dated.period_end') }}
        ] as inputs,
    from sides
    inner join dated
        on
            sides.series = dated.basis
            and sides.period_start = dated.period_start
            and sides.period_end = dated.period_end
            and (sides.side = 'now' or sides.known_by >= dated.statements_as_of)
            and sides.known_by > dated.period_end
    cross join claimed_casualties

)

select * from final
