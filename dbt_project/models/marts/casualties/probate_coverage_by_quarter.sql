-- How much of the probate estimate the list covers by quarter of death, release by release.

with

losses as (

    select * from {{ ref('int_losses_by_period') }} where grain = 'quarter'

),

probate_days as (

    select * from {{ ref('int_probate_estimate_by_day') }}

),

-- A release that ends within a quarter says nothing about it.
by_quarter as (

    select
        probate_days.as_of as probate_as_of,
        losses.period,
        sum(probate_days.probate_estimate) as probate_estimate,
        sum(probate_days.documented_deaths) as documented_deaths,
        count(*) filter (probate_days.is_forecast) as probate_forecast_days,
    from losses
    inner join probate_days on probate_days.death_date between losses.period_start and losses.period_end
    group by probate_days.as_of, losses.period, losses.period_days
    having count(*) = losses.period_days

),

shares as (

    select
        by_quarter.*,
        losses.* exclude (period, probate_estimate, probate_as_of, probate_forecast_days),
        by_quarter.documented_deaths / by_quarter.probate_estimate as documented_coverage,
        losses.expected_deaths / by_quarter.probate_estimate as expected_coverage,
        if(
            losses.confirmed_covered_days = losses.period_days,
            losses.confirmed_deaths / by_quarter.probate_estimate,
            null
        ) as confirmed_coverage,
    from by_quarter
    inner join losses on by_quarter.period = losses.period

),

final as (

    select
        probate_as_of,
        period,
        period_start,
        period_end,
        cast(period_days as integer) as period_days,
        cast(probate_forecast_days as integer) as probate_forecast_days,
        as_of,
        cast(confirmed_deaths as integer) as confirmed_deaths,
        cast(confirmed_covered_days as integer) as confirmed_covered_days,
        round(expected_deaths, 1) as expected_deaths_6m,
        status,
        round(documented_deaths, 1) as documented_deaths,
        round(probate_estimate, 1) as probate_estimate,
        round(confirmed_coverage, 4) as confirmed_coverage,
        round(expected_coverage, 4) as expected_coverage,
        round(documented_coverage, 4) as documented_coverage,
    from shares

)

select * from final
