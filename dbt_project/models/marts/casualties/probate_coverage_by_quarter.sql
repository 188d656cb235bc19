-- How much of the probate estimate the list covers by quarter of death, against the share its authors stated. A week of
-- the estimate is spread evenly over its days, as everywhere.

with

losses as (

    select * from {{ ref('int_losses_by_period') }} where grain = 'quarter'

),

probate_weeks as (

    select * from {{ ref('probate_estimate_by_week') }}

),

coverage_band as (

    select * from {{ ref('coverage_band') }}

),

stated as (

    select
        max_by(coverage_low, valid_from) as stated_coverage_low,
        max_by(coverage_high, valid_from) as stated_coverage_high,
    from coverage_band

),

releases as (

    select
        as_of,
        max(week_start) + 6 as covered_through,
    from probate_weeks
    group by as_of

),

week_shares as (

    select
        probate_weeks.*,
        losses.period,
        (
            least(probate_weeks.week_start + 6, losses.period_end)
            - greatest(probate_weeks.week_start, losses.period_start) + 1
        ) / 7 as week_share,
    from losses
    inner join probate_weeks
        on
            losses.period_end >= probate_weeks.week_start
            and losses.period_start <= probate_weeks.week_start + 6
    inner join releases
        on
            probate_weeks.as_of = releases.as_of
            and losses.period_end <= releases.covered_through

),

by_quarter as (

    select
        as_of as probate_as_of,
        period,
        sum(probate_estimate * week_share) as probate_estimate,
        sum(documented_deaths * week_share) as documented_deaths,
        bool_or(is_forecast) as has_forecast,
    from week_shares
    group by as_of, period

),

shares as (

    select
        by_quarter.*,
        losses.* exclude (period, probate_estimate, probate_as_of),
        stated.*,
        losses.confirmed_deaths / by_quarter.probate_estimate as confirmed_coverage,
        by_quarter.documented_deaths / by_quarter.probate_estimate as documented_coverage,
        losses.expected_deaths / by_quarter.probate_estimate as expected_coverage,
    from by_quarter
    inner join losses on by_quarter.period = losses.period
    cross join stated

),

final as (

    select
        probate_as_of,
        period,
        period_start,
        period_end,
        has_forecast,
        as_of,
        cast(confirmed_deaths as integer) as confirmed_deaths,
        round(expected_deaths, 1) as expected_deaths_6m,
        status,
        round(documented_deaths, 1) as documented_deaths,
        round(probate_estimate, 1) as probate_estimate,
        round(confirmed_coverage, 4) as confirmed_coverage,
        round(expected_coverage, 4) as expected_coverage,
        round(documented_coverage, 4) as documented_coverage,
        stated_coverage_low,
        stated_coverage_high,
        case
            when documented_coverage < stated_coverage_low then 'below'
            when documented_coverage > stated_coverage_high then 'above'
            else 'within'
        end as documented_against_stated,
    from shares

)

select * from final
