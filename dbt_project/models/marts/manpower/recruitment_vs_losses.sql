-- Recruits of one basis beside claimed casualties of the same period, and beside those that the same page puts there.
-- The range is always shown; verdict and differences only where the range can carry them.

with

periods as (

    select * from {{ ref('int_recruitment_periods') }}

),

recruits as (

    select * from {{ ref('int_recruits_by_period') }}

),

losses as (

    select * from {{ ref('int_losses_by_period') }}

),

caveats as (

    select * from {{ ref('recruitment_caveats') }}

),

statements as (

    select * from {{ ref('int_recruitment_statements') }} where kind = 'losses'

),

-- Losses of exactly the period on a page that recruits of it stand on: the speaker's own balance.
stated_losses as (

    select
        recruits.grain,
        recruits.period,
        recruits.basis,
        if(count(statements.figure) = count(*) and count(distinct statements.figure) = 1, min(statements.figure), null)
            as stated_casualties,
    from recruits
    inner join periods
        on
            recruits.grain = periods.grain
            and recruits.period = periods.period
    inner join statements
        on
            recruits.basis = statements.basis
            and periods.period_start = statements.period_start
            and periods.period_end = statements.period_end
            and list_contains(string_split(recruits.source_urls, ' '), statements.source_url)
    group by all

),

caveats_by_period as (

    select
        recruits.grain,
        recruits.period,
        recruits.basis,
        string_agg(distinct caveats.reason, '; ' order by caveats.reason) as caveat_reasons,
    from recruits
    inner join periods
        on
            recruits.grain = periods.grain
            and recruits.period = periods.period
    inner join caveats
        on
            recruits.basis = caveats.basis
            and periods.period_start <= caveats.period_end
            and periods.period_end >= caveats.period_start
    where
        caveats.holds_for = 'every period'
        -- Payments that moved within a stretch of time distort a period that cuts it, not one that holds all of it.
        or (
            caveats.holds_for = 'parts of it'
            and (periods.period_start > caveats.period_start or periods.period_end < caveats.period_end)
        )
    group by all

),

joined as (

    select
        recruits.*,
        periods.period_start,
        periods.period_end,
        losses.period_days,
        losses.as_of,
        losses.confirmed_deaths,
        losses.confirmed_covered_days,
        losses.probate_estimate,
        losses.probate_as_of,
        losses.probate_covered_days,
        losses.probate_forecast_days,
        losses.claimed_casualties,
        losses.claims_as_of,
        losses.claims_covered_days,
        {{ not_wholly_covered('the claim', 'losses.claims_covered_days', 'losses.period_days') }} as claims_lack,
        stated_losses.stated_casualties,
        caveats_by_period.caveat_reasons,
        coalesce(recruits.contradiction_ratio > {{ threshold('contradiction_ratio') }}, false) as is_contradictory,
        {{ recruits_verdict('recruits.recruits_low', 'recruits.recruits_high', 'losses.claimed_casualties') }}
            as verdict_of_range,
        {{ recruits_verdict('recruits.parts_low', 'recruits.parts_high', 'losses.claimed_casualties') }}
            as verdict_of_parts,
    from recruits
    inner join periods
        on
            recruits.grain = periods.grain
            and recruits.period = periods.period
    inner join losses
        on
            recruits.grain = losses.grain
            and recruits.period = losses.period
    left join stated_losses
        on
            recruits.grain = stated_losses.grain
            and recruits.period = stated_losses.period
            and recruits.basis = stated_losses.basis
    left join caveats_by_period
        on
            recruits.grain = caveats_by_period.grain
            and recruits.period = caveats_by_period.period
            and recruits.basis = caveats_by_period.basis

),

judged as (

    select
        *,
        verdict_of_range <> verdict_of_parts
        and 'unknown' not in (verdict_of_range, verdict_of_parts) as is_disputed_by_parts,
        claims_lack is null
        and caveat_reasons is null
        and not is_contradictory
        and not is_disputed_by_parts as is_comparable,
    from joined

),

final as (

    select
        grain,
        period,
        period_start,
        period_end,
        cast(period_days as integer) as period_days,
        basis,
        claimant,
        cast(recruits_low as bigint) as recruits_low,
        cast(recruits as bigint) as recruits,
        cast(recruits_high as bigint) as recruits_high,
        kinds as counted,
        cast(statements as integer) as statements,
        derived_by,
        parts_claimant,
        cast(parts_low as bigint) as parts_low,
        cast(parts_high as bigint) as parts_high,
        as_of,
        cast(confirmed_deaths as bigint) as confirmed_deaths,
        cast(confirmed_covered_days as integer) as confirmed_covered_days,
        round(probate_estimate, 1) as probate_estimate,
        probate_as_of,
        cast(probate_covered_days as integer) as probate_covered_days,
        cast(probate_forecast_days as integer) as probate_forecast_days,
        cast(claimed_casualties as bigint) as claimed_casualties,
        claims_as_of,
        cast(claims_covered_days as integer) as claims_covered_days,
        cast(if(is_comparable, recruits_low - claimed_casualties, null) as bigint)
            as recruits_minus_claimed_casualties_low,
        cast(if(is_comparable, recruits_high - claimed_casualties, null) as bigint)
            as recruits_minus_claimed_casualties_high,
        if(is_comparable, verdict_of_range, 'unknown') as verdict,
        cast(stated_casualties as bigint) as stated_casualties,
        cast(recruits - stated_casualties as bigint) as recruits_minus_stated_casualties,
        nullif(
            concat_ws(
                '; ',
                if(
                    is_contradictory,
                    printf(
                        'statements contradict each other (one says at least %.1f times what another says at most)',
                        contradiction_ratio
                    ),
                    null
                ),
                if(is_disputed_by_parts, 'the parts of the period add up to another verdict', null),
                caveat_reasons,
                claims_lack,
                if(recruits_low is null, 'no lower end is stated', null),
                if(recruits_high is null, 'no upper end is stated', null)
            ),
            ''
        ) as suppressed_because,
        {{ losses_flagged_because() }} as flagged_because,
        source_urls,
    from judged

)

select * from final
