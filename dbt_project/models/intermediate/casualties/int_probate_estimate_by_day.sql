-- Every release of the probate estimate spread evenly over the days of its weeks. The first week is that in which the
-- war began: its figures are of the days since then.

with

weeks as (

    select
        *,
        greatest(week_start, date '{{ threshold("war_start") }}') as first_day,
        week_start + 7 - first_day as days,
    from {{ ref('int_probate_estimate_by_week') }}

),

final as (

    select
        as_of,
        is_newest_release,
        cast(unnest(generate_series(first_day, week_start + 6, interval 1 day)) as date) as death_date,
        documented_deaths / days as documented_deaths,
        probate_estimate / days as probate_estimate,
        is_forecast,
    from weeks

)

select * from final
