-- The newest release of the probate estimate for every period, null where it does not cover the whole of it. A week's
-- estimate is spread evenly over its seven days. Weeks are contiguous (tested), so the period is covered when its last
-- day is; the first week began before the war did.

with

periods as (

    select * from {{ ref('int_loss_periods') }}

),

probate_estimates as (

    select * from {{ ref('stg_mediazona__probate_estimates') }} where is_newest_release

),

coverage as (

    select
        max(as_of) as probate_as_of,
        min(week_start) as covered_from,
        max(week_start) + 6 as covered_through,
    from probate_estimates

),

spread as (

    select
        periods.grain,
        periods.period,
        sum(
            probate_estimates.probate_estimate / 7 * (
                least(probate_estimates.week_start + 6, periods.period_end)
                - greatest(probate_estimates.week_start, periods.period_start) + 1
            )
        ) as probate_estimate,
    from periods
    inner join probate_estimates
        on
            periods.period_end >= probate_estimates.week_start
            and periods.period_start <= probate_estimates.week_start + 6
    group by periods.grain, periods.period

),

final as (

    select
        periods.grain,
        periods.period,
        coverage.probate_as_of,
        case
            when
                periods.period_end <= coverage.covered_through
                and greatest(periods.period_start, date '{{ threshold("war_start") }}') >= coverage.covered_from
                then spread.probate_estimate
        end as probate_estimate,
    from periods
    cross join coverage
    left join spread
        on
            periods.grain = spread.grain
            and periods.period = spread.period

)

select * from final
