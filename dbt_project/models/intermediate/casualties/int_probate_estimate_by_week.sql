-- Every release of the probate estimate by week, and which of its weeks are partly a forecast.

with

probate_estimates as (

    select * from {{ ref('stg_mediazona__probate_estimates') }}

),

final as (

    select
        as_of,
        is_newest_release,
        week_start,
        documented_deaths,
        probate_estimate,
        week_start
        > max(week_start) over (partition by as_of) - {{ threshold('probate_forecast_weeks') }} * 7 as is_forecast,
    from probate_estimates

)

select * from final
