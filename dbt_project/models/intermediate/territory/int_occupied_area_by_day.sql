-- Both series of levels, each with the step from its own previous reading. A day without a map has no row: the next
-- step simply spans more days.

with

daily as (

    select * from {{ ref('stg_deepstate__occupied_area') }}

),

older as (

    select * from {{ ref('stg_deepstate__occupied_area_2022_23') }}

),

flags as (

    select * from {{ ref('area_series_flags') }}

),

readings as (

    select
        'deepstate_daily' as series,
        area_date,
        occupied_km2,
        gained_km2,
        lost_km2,
        previous_date as differenced_from,
    from daily

    union all

    select
        'deepstate_2022_23' as series,
        area_date,
        occupied_km2,
        null as gained_km2,
        null as lost_km2,
        null as differenced_from,
    from older

),

steps as (

    select
        *,
        lag(area_date) over by_day as previous_date,
        occupied_km2 - lag(occupied_km2) over by_day as net_km2,
    from readings
    window by_day as (partition by series order by area_date)

),

final as (

    select
        steps.series,
        steps.area_date,
        steps.occupied_km2,
        steps.gained_km2,
        steps.lost_km2,
        steps.net_km2,
        steps.previous_date,
        steps.differenced_from,
        steps.area_date - steps.previous_date as days_since_previous,
        flags.series is not null as is_flagged,
        flags.reason as flag_reason,
        coalesce(abs(steps.net_km2) > {{ threshold('area_jump_km2') }}, false) as is_jump,
    from steps
    left join flags
        on
            steps.series = flags.series
            and steps.area_date between flags.flagged_from and flags.flagged_to

)

select * from final
