-- The newest whole weeks of the current vintage: what was expected of them, and what a reading that came later shows.

with

weeks as (

    select * from {{ ref('deaths_by_week') }} where not is_partial_week

),

expected_deaths as (

    select as_of, week_start, break_date from {{ ref('expected_deaths_history') }}

),

final as (

    select
        weeks.week_start,
        weeks.as_of,
        status,
        weeks.confirmed_deaths,
        {{ unless_frozen('weeks.expected_low') }} as expected_low,
        {{ unless_frozen('weeks.expected_deaths_6m') }} as expected_deaths_6m,
        {{ unless_frozen('weeks.expected_high') }} as expected_high,
        weeks.later_as_of,
        weeks.later_confirmed_deaths,
        weeks.is_overtaken,
        expected_deaths.break_date,
    from weeks
    left join expected_deaths
        on
            weeks.as_of = expected_deaths.as_of
            and weeks.week_start = expected_deaths.week_start
    qualify row_number() over (order by weeks.week_start desc) <= {{ threshold('report_weeks_shown') }}

)

select * from final
