-- Periods of whole months, every one of them published by a source, but not throughout in one series or by one
-- definition: no sum is made over the change, and this is the reason.

with

periods as (

    select * from {{ ref('int_periods') }}

),

statements as (

    select * from {{ ref('int_published_area_statements') }}

),

months as (

    select distinct
        area_source,
        area_series,
        basis,
        period_start as month_start,
        last_day(period_start) as month_end,
    from statements
    where
        measure = 'km2_gained'
        and period_start = date_trunc('month', period_start)
        and abs(period_end - last_day(period_start)) <= {{ threshold('statement_end_days') }}

),

covered as (

    select
        periods.grain,
        periods.period,
        date_diff('month', periods.period_start, periods.period_end) + 1 as months_of_period,
        months.*,
    from periods
    inner join months
        on
            periods.period_start <= months.month_start
            and periods.period_end >= months.month_end
    where
        periods.grain <> 'month'
        and periods.period_start = date_trunc('month', periods.period_start)
        and periods.period_end = last_day(periods.period_end)

),

by_series as (

    select
        grain,
        period,
        area_source,
        area_series,
        count(distinct month_start) = months_of_period as is_whole,
    from covered
    group by grain, period, area_source, area_series, months_of_period

),

by_definition as (

    select
        grain,
        period,
        area_source,
    from covered
    group by grain, period, area_source, area_series, basis, months_of_period
    having count(distinct month_start) = months_of_period

),

final as (

    select
        covered.grain,
        covered.period,
        covered.area_source,
        if(
            bool_or(by_series.is_whole),
            'published months change their definition of area within the period',
            'published months differ within the period in whether Kursk Oblast is counted'
        ) as no_area_because,
    from covered
    inner join by_series
        on
            covered.grain = by_series.grain
            and covered.period = by_series.period
            and covered.area_series = by_series.area_series
    anti join by_definition
        on
            covered.grain = by_definition.grain
            and covered.period = by_definition.period
            and covered.area_source = by_definition.area_source
    group by covered.grain, covered.period, covered.area_source, covered.months_of_period
    having count(distinct covered.month_start) = covered.months_of_period

)

select * from final
