-- Every quarter from the first with a figure to the last: one without any has a row without a basis, so that it is
-- seen to be empty.

with

quarters as (

    select * from {{ ref('int_periods') }} where grain = 'quarter'

),

recruits as (

    select * from {{ ref('recruitment_vs_losses') }} where grain = 'quarter'

),

final as (

    select
        quarters.period,
        quarters.period_start,
        quarters.period_end,
        recruits.basis,
        recruits.claimant,
        recruits.recruits_low,
        recruits.recruits,
        recruits.recruits_high,
        recruits.claimed_casualties,
        recruits.claims_as_of,
        recruits.probate_estimate,
        recruits.probate_as_of,
        recruits.confirmed_deaths,
        recruits.as_of,
        recruits.verdict,
        recruits.suppressed_because,
        recruits.flagged_because,
        recruits.source_urls,
    from quarters
    left join recruits on quarters.period = recruits.period
    where
        quarters.period_start between (select min(earliest.period_start) from recruits as earliest)
        and (select max(latest.period_start) from recruits as latest)

)

select * from final
