-- The measures of losses side by side for every week, calendar period and campaign, as of the current vintage.
--
-- A figure is null where its series does not cover the whole period: a total is missing rather than silently
-- partial. The one exception is reported_deaths, what is confirmed so far, which the marts show with a flag.
-- All series begin with the war, so a period that began before it is whole from the war's first day on.

with

periods as (

    select grain, period, period_start, period_end from {{ ref('int_periods') }}

    union all

    select 'week' as grain, iso_week as period, week_start as period_start, week_end as period_end,
    from {{ ref('int_weeks') }}

),

current_vintage as (

    select * from {{ ref('int_vintages') }} where is_current

),

confirmed_deaths as (

    select deaths.*
    from {{ ref('int_confirmed_deaths_by_vintage') }} as deaths
    inner join current_vintage on deaths.as_of = current_vintage.as_of

),

expected_deaths as (

    select fits.*
    from {{ ref('int_expected_deaths') }} as fits
    inner join current_vintage on fits.fit_as_of = current_vintage.as_of
    where fits.horizon_days = {{ threshold('expected_horizon_days') }}

),

current_step as (

    select * from {{ ref('int_vintage_steps') }} where is_current

),

probate_estimates as (

    select * from {{ ref('stg_mediazona__probate_estimates') }} where is_newest_release

),

claimed_casualties as (

    select * from {{ ref('int_claimed_casualties_by_day') }}

),

confirmed_by_period as (

    select
        periods.grain,
        periods.period,
        sum(confirmed_deaths.confirmed_deaths) as reported_deaths,
    from periods
    inner join confirmed_deaths
        on confirmed_deaths.death_date between periods.period_start and periods.period_end
    group by periods.grain, periods.period

),

-- Every day grows as its week does, so that weeks, months and years tell the same story. A period has an expected
-- figure once all its weeks have one, the week of its last day included.
expected_by_period as (

    select
        periods.grain,
        periods.period,
        sum(confirmed_deaths.confirmed_deaths * expected_deaths.growth_factor) as expected_deaths,
        sum(
            confirmed_deaths.confirmed_deaths * expected_deaths.growth_factor * (expected_deaths.growth_factor - 1)
        ) as variance,
    from periods
    inner join confirmed_deaths
        on confirmed_deaths.death_date between periods.period_start and periods.period_end
    left join expected_deaths
        on date_trunc('week', confirmed_deaths.death_date) = expected_deaths.week_start
    where periods.period_end <= (select max(newest.week_end) from expected_deaths as newest)
    group by periods.grain, periods.period
    having count(*) = count(expected_deaths.growth_factor)

),

-- A week's estimate is spread evenly over its seven days. Weeks are contiguous (tested), so the period is covered
-- when its last day is; the first week began before the war did.
probate_coverage as (

    select
        max(as_of) as probate_as_of,
        min(week_start) as covered_from,
        max(week_start) + 6 as covered_through,
    from probate_estimates

),

probate_by_period as (

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

-- Differences of the cumulative claim between the report of the last day and that of the day before the first: a
-- missing report at either end leaves the period without a figure.
claimed_by_period as (

    select
        periods.grain,
        periods.period,
        at_end.claimed_casualties_cum - if(
            periods.period_start <= (select min(claimed_casualties.report_date) from claimed_casualties),
            0,
            before_start.claimed_casualties_cum
        ) as claimed_casualties,
    from periods
    inner join claimed_casualties as at_end on periods.period_end = at_end.report_date
    left join claimed_casualties as before_start on periods.period_start - 1 = before_start.report_date

),

final as (

    select
        periods.grain,
        periods.period,
        periods.period_start,
        periods.period_end,
        current_vintage.as_of,
        current_vintage.data_through,
        current_vintage.as_of - periods.period_end as age_days,
        periods.period_start < date '{{ threshold("war_start") }}'
        or periods.period_end > current_vintage.data_through as is_partial,
        coalesce(confirmed_by_period.reported_deaths, 0) as reported_deaths,
        case
            when periods.period_end between date '{{ threshold("war_start") }}' and current_vintage.data_through
                then confirmed_by_period.reported_deaths
        end as confirmed_deaths,
        expected_by_period.expected_deaths,
        {{ expected_low('reported_deaths', 'expected_by_period.expected_deaths', 'expected_by_period.variance') }}
            as expected_low,
        {{ expected_high('reported_deaths', 'expected_by_period.expected_deaths', 'expected_by_period.variance') }}
            as expected_high,
        reported_deaths / nullif(expected_by_period.expected_deaths, 0) as completeness,
        {{ confirmation_status(
            'expected_by_period.expected_deaths is not null',
            'age_days',
            'current_step.is_frozen',
        ) }} as status,
        confirmed_deaths * current_vintage.deaths_per_dated_name_low as estimated_deaths_low,
        confirmed_deaths * current_vintage.deaths_per_dated_name_high as estimated_deaths_high,
        case
            when
                periods.period_end <= probate_coverage.covered_through
                and greatest(periods.period_start, date '{{ threshold("war_start") }}') >= probate_coverage.covered_from
                then probate_by_period.probate_estimate
        end as probate_estimate,
        probate_coverage.probate_as_of,
        claimed_by_period.claimed_casualties,
    from periods
    cross join current_vintage
    cross join current_step
    cross join probate_coverage
    left join expected_by_period
        on
            periods.grain = expected_by_period.grain
            and periods.period = expected_by_period.period
    left join confirmed_by_period
        on
            periods.grain = confirmed_by_period.grain
            and periods.period = confirmed_by_period.period
    left join probate_by_period
        on
            periods.grain = probate_by_period.grain
            and periods.period = probate_by_period.period
    left join claimed_by_period
        on
            periods.grain = claimed_by_period.grain
            and periods.period = claimed_by_period.period

)

select * from final
