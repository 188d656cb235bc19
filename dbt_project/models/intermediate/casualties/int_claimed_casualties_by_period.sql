-- Claimed casualties of a period, by the days that the reports cover: the cumulative claim through its last day less
-- that through the day before its first. Where a report at either end is missing, the nearest one within the period
-- stands for it, the days between the two are counted, and too few of them give no figure.

with

periods as (

    select * from {{ ref('int_loss_periods') }}

),

claimed_casualties as (

    select * from {{ ref('int_claimed_casualties_by_day') }}

),

-- The series starts at zero with the war.
levels as (

    select covered_date, claimed_casualties_cum from claimed_casualties

    union all

    select date '{{ threshold("war_start") }}' - 1 as covered_date, 0 as claimed_casualties_cum

),

ends as (

    select
        periods.grain,
        periods.period,
        periods.period_days,
        max_by(levels.claimed_casualties_cum, levels.covered_date)
        - min_by(levels.claimed_casualties_cum, levels.covered_date) as claimed_casualties,
        coalesce(max(levels.covered_date) - min(levels.covered_date), 0) as claims_covered_days,
    from periods
    left join levels on levels.covered_date between periods.period_start - 1 and periods.period_end
    group by all

),

final as (

    select
        grain,
        period,
        {{ if_covered('claimed_casualties', 'claims_covered_days', 'period_days') }} as claimed_casualties,
        claims_covered_days,
        (select max(claimed_casualties.report_date) from claimed_casualties) as claims_as_of,
    from ends

)

select * from final
