with

weeks as (

    select * from {{ ref('deaths_by_week') }} where not is_partial_week

),

final as (

    select
        week_start,
        as_of,
        status,
        confirmed_deaths,
        {{ unless_frozen('expected_low') }} as expected_low,
        {{ unless_frozen('expected_deaths_6m') }} as expected_deaths_6m,
        {{ unless_frozen('expected_high') }} as expected_high,
    from weeks
    qualify row_number() over (order by week_start desc) <= {{ threshold('report_weeks_shown') }}

)

select * from final
