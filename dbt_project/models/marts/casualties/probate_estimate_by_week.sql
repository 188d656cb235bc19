with

probate_estimates as (

    select * from {{ ref('stg_mediazona__probate_estimates') }}

),

final as (

    select
        as_of,
        week_start,
        {{ iso_week('week_start') }} as iso_week,
        documented_deaths,
        probate_estimate,
        week_start
        > max(week_start) over (partition by as_of) - {{ threshold('probate_forecast_weeks') }} * 7 as is_forecast,
    from probate_estimates

)

select * from final
