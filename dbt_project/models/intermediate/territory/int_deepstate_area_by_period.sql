-- Net area of a period from DeepState's levels: the level at its end less the last level before its start. Both come
-- from one series and lie close to the boundary; a period that needs a flagged day has no figure.

with

periods as (

    select * from {{ ref('int_periods') }}

),

area as (

    select * from {{ ref('int_occupied_area_by_day') }}

),

sources as (

    select * from {{ ref('stg_provenance__sources') }}

),

boundaries as (

    select
        periods.grain,
        periods.period,
        periods.period_start,
        periods.period_end,
        area.series,
        max(area.area_date) filter (area.area_date < periods.period_start) as base_date,
        max(area.area_date) filter (
            area.area_date between periods.period_start and periods.period_end
        ) as end_date,
        max(area.area_date) as series_through,
    from periods
    cross join area
    group by all

),

-- The series must go on to the period's end: before that, the last level is not yet the level at the end.
covered as (

    select *
    from boundaries
    where
        period_start - 1 - base_date <= {{ threshold('area_boundary_days') }}
        and period_end - end_date <= {{ threshold('area_boundary_days') }}
        and series_through >= period_end

),

measured as (

    select
        covered.grain,
        covered.period,
        covered.series,
        covered.base_date,
        covered.end_date,
        covered.series_through,
        -- Sums that would leave out a difference nobody measured are null.
        if(
            count(area.gained_km2) filter (area.area_date > covered.base_date)
            = count(*) filter (area.area_date > covered.base_date),
            sum(area.gained_km2) filter (area.area_date > covered.base_date),
            null
        ) as gained_km2,
        if(
            count(area.lost_km2) filter (area.area_date > covered.base_date)
            = count(*) filter (area.area_date > covered.base_date),
            sum(area.lost_km2) filter (area.area_date > covered.base_date),
            null
        ) as lost_km2,
        max(area.occupied_km2) filter (area.area_date = covered.end_date)
        - max(area.occupied_km2) filter (area.area_date = covered.base_date) as net_km2,
        max(area.days_since_previous) filter (area.area_date > covered.base_date) as largest_gap_days,
        bool_or(area.is_flagged) as is_flagged,
        string_agg(distinct area.flag_reason, ', ' order by area.flag_reason) as flag_reasons,
    from covered
    inner join area
        on
            covered.series = area.series
            and area.area_date between covered.base_date and covered.end_date
    group by all

),

final as (

    select
        periods.grain,
        periods.period,
        'DeepState' as area_source,
        measured.series,
        measured.base_date,
        measured.end_date,
        measured.series_through as as_of,
        measured.largest_gap_days,
        if(measured.is_flagged, null, measured.gained_km2) as gained_km2,
        if(measured.is_flagged, null, measured.lost_km2) as lost_km2,
        if(measured.is_flagged, null, measured.net_km2) as net_km2,
        sources.url as source_url,
        case
            when measured.series is null then 'area series does not cover the period'
            when measured.is_flagged then 'area levels are flagged: ' || measured.flag_reasons
        end as no_area_because,
    from periods
    left join measured
        on
            periods.grain = measured.grain
            and periods.period = measured.period
    left join sources
        on sources.source = case measured.series
            when 'deepstate_daily' then 'occupied_area'
            when 'deepstate_2022_23' then 'occupied_area_2022_23'
        end

)

select * from final
