-- Calendar periods from the month in which the war began to the newest observation of any series, and the named
-- campaigns. A period keeps its calendar bounds even where a series starts or ends within it.

with

series_end as (

    select max(last_observation) as last_observation from {{ ref('stg_provenance__sources') }}

),

campaigns as (

    select * from {{ ref('campaigns_curated') }}

),

months as (

    select cast(unnest(generate_series(
        date_trunc('month', date '{{ threshold("war_start") }}'),
        (select series_end.last_observation from series_end),
        interval 1 month
    )) as date) as month_start

),

calendar_periods as (

    select
        'month' as grain,
        strftime(month_start, '%Y-%m') as period,
        month_start as period_start,
        last_day(month_start) as period_end,
    from months

    union all

    select distinct
        'quarter' as grain,
        strftime(month_start, '%Y-Q') || quarter(month_start) as period,
        cast(date_trunc('quarter', month_start) as date) as period_start,
        cast(date_trunc('quarter', month_start) + interval 3 month - interval 1 day as date) as period_end,
    from months

    union all

    select distinct
        'half' as grain,
        strftime(month_start, '%Y-H') || if(month(month_start) <= 6, 1, 2) as period,
        make_date(year(month_start), if(month(month_start) <= 6, 1, 7), 1) as period_start,
        if(
            month(month_start) <= 6,
            make_date(year(month_start), 6, 30),
            make_date(year(month_start), 12, 31)
        ) as period_end,
    from months

    union all

    select distinct
        'year' as grain,
        strftime(month_start, '%Y') as period,
        make_date(year(month_start), 1, 1) as period_start,
        make_date(year(month_start), 12, 31) as period_end,
    from months

),

final as (

    select * from calendar_periods

    union all

    select
        'campaign' as grain,
        campaign as period,
        period_start,
        period_end,
    from campaigns

)

select * from final
