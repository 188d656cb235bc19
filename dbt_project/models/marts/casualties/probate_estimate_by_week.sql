with

probate_estimates as (

    select * from {{ ref('int_probate_estimate_by_week') }}

),

final as (

    select
        as_of,
        week_start,
        {{ iso_week('week_start') }} as iso_week,
        documented_deaths,
        probate_estimate,
        is_forecast,
    from probate_estimates

)

select * from final
