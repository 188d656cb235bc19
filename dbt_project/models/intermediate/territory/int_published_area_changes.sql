-- Periods of whole months that a source publishes, but not throughout by one definition and in one scope: no sum is
-- made over the change, and this is the reason. A change of definition is said of periods that lack a month, too: the
-- months to come will not mend them.

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
        definition,
        kursk_scope,
        infiltration_scope,
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
        count(distinct months.month_start) over (
            partition by periods.grain, periods.period, months.area_source
        ) as published_months,
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

-- Each way in which months can differ, one row a month and value of it.
ways as (

    select
        *,
        'definition' as way,
        definition as way_value,
    from covered

    union all

    select
        *,
        'kursk' as way,
        kursk_scope as way_value,
    from covered

    union all

    select
        *,
        'infiltration' as way,
        infiltration_scope as way_value,
    from covered

    union all

    select
        *,
        'series' as way,
        concat_ws('|', area_series, basis) as way_value,
    from covered

),

by_value as (

    select
        grain,
        period,
        area_source,
        way,
        way_value,
        count(distinct month_start) = published_months as is_throughout,
        published_months = months_of_period as has_every_month,
    from ways
    group by grain, period, area_source, way, way_value, published_months, months_of_period

),

-- A way differs where none of its values is that of all months.
by_way as (

    select
        grain,
        period,
        area_source,
        way,
        not bool_or(is_throughout) as differs,
        bool_and(has_every_month) as has_every_month,
    from by_value
    group by grain, period, area_source, way

),

judged as (

    select
        grain,
        period,
        area_source,
        bool_and(has_every_month) as has_every_month,
        bool_or(differs) filter (way = 'definition') as definition_differs,
        bool_or(differs) filter (way = 'kursk') as kursk_differs,
        bool_or(differs) filter (way = 'infiltration') as infiltration_differs,
        bool_or(differs) filter (way = 'series') as series_differs,
    from by_way
    group by grain, period, area_source

),

final as (

    select
        grain,
        period,
        area_source,
        case
            when definition_differs
                then 'published months change their definition of area within the period'
            when kursk_differs
                then 'published months differ within the period in whether Kursk Oblast is counted'
            when infiltration_differs
                then 'published months differ within the period in whether zones of infiltration are counted'
            else 'published months are not throughout of one series'
        end
        || if(has_every_month, '', ', and not every month of it is published') as no_area_because,
    from judged
    where
        definition_differs
        or (has_every_month and series_differs)

)

select * from final
