-- The newest release of the probate estimate for every period: of the days it covers, and null where they are too few
-- to speak for the period.

with

periods as (

    select * from {{ ref('int_loss_periods') }}

),

newest_release as (

    select * from {{ ref('int_probate_estimate_by_day') }} where is_newest_release

),

counted as (

    select
        periods.grain,
        periods.period,
        periods.period_days,
        sum(newest_release.probate_estimate) as probate_estimate,
        count(newest_release.death_date) as probate_covered_days,
        count(*) filter (newest_release.is_forecast) as probate_forecast_days,
    from periods
    left join newest_release on newest_release.death_date between periods.period_start and periods.period_end
    group by all

),

final as (

    select
        grain,
        period,
        {{ if_covered('probate_estimate', 'probate_covered_days', 'period_days') }} as probate_estimate,
        probate_covered_days,
        probate_forecast_days,
        (select max(newest_release.as_of) from newest_release) as probate_as_of,
    from counted

)

select * from final
