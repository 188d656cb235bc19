-- The windows of days of death that a claim needs of the list, all of one reading: years are never compared across
-- vintages. A window that is asked for day by day can only be answered by a reading by day.

with

sides as (

    select distinct
        claim_id,
        metric,
        period_start,
        period_end,
        base_start,
        base_end,
    from {{ ref('int_claim_sides') }}

),

whole as (

    select
        claim_id,
        'period' as span,
        period_start as span_start,
        period_end as span_end,
        metric <> 'confirmed_named_deaths' and metric <> 'ratio_of_periods' as is_by_day,
    from sides
    where
        metric in (
            'confirmed_named_deaths',
            'ratio_of_periods',
            'date_of_max_daily_deaths',
            'rising_months',
            'weekly_deaths_pattern',
            'weekly_deaths_lull'
        )

),

base as (

    select
        claim_id,
        'base' as span,
        base_start as span_start,
        base_end as span_end,
        metric <> 'ratio_of_periods' as is_by_day,
    from sides
    where metric in ('ratio_of_periods', 'rank_of_months')

),

calendar_years as (

    select
        claim_id,
        cast(unnest(generate_series(year(period_start), year(period_end))) as integer) as calendar_year,
        period_start,
        period_end,
    from sides
    where metric in ('rank_of_year', 'confirmed_named_deaths_by_year')

),

years as (

    select
        claim_id,
        cast(calendar_year as varchar) as span,
        greatest(make_date(calendar_year, 1, 1), period_start) as span_start,
        least(make_date(calendar_year, 12, 31), period_end) as span_end,
        false as is_by_day,
    from calendar_years

),

final as (

    select * from whole
    union all
    select * from base
    union all
    select * from years

)

select * from final
