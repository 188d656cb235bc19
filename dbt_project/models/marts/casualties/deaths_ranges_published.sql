-- Ranges of deaths that somebody measured for a period of ours. No range is made here by spreading one of the whole war
-- over its parts.

with

published as (

    select * from {{ ref('deaths_published_curated') }}

),

periods as (

    select * from {{ ref('int_loss_periods') }}

),

losses as (

    select * from {{ ref('int_losses_by_period') }}

),

-- Rates a day or week are no totals of a period; a figure without two ends is no range.
ranges as (

    select *
    from published
    where
        measure = 'estimated_killed'
        and low < high
        and granularity in ('month', 'quarter', 'half_year', 'year', 'campaign')

),

final as (

    select
        periods.grain,
        periods.period,
        periods.period_start,
        periods.period_end,
        cast(ranges.low as integer) as published_low,
        cast(ranges.central as integer) as published_central,
        cast(ranges.high as integer) as published_high,
        ranges.date_basis as method,
        ranges.claimant,
        ranges.publisher,
        ranges.published_on,
        ranges.url as source_url,
        ranges.note,
        losses.as_of,
        cast(losses.confirmed_deaths as integer) as confirmed_deaths,
        cast(losses.confirmed_covered_days as integer) as confirmed_covered_days,
        round(losses.probate_estimate, 1) as probate_estimate,
        losses.probate_as_of,
        cast(losses.probate_covered_days as integer) as probate_covered_days,
        cast(losses.probate_forecast_days as integer) as probate_forecast_days,
        cast(periods.period_days as integer) as period_days,
    from ranges
    -- The first periods are of the war's days.
    inner join periods
        on
            ranges.period_start = greatest(periods.period_start, date '{{ threshold("war_start") }}')
            and ranges.period_end = periods.period_end
    inner join losses
        on
            periods.grain = losses.grain
            and periods.period = losses.period

)

select * from final
