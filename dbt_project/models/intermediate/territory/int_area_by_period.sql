-- Every period by every series of areas that has a figure for it: what DeepState's map gives and what others published,
-- in the same columns. A source without any figure for the period has one row, null but for the reason.

with

periods as (

    select * from {{ ref('int_periods') }}

),

deepstate_area as (

    select * from {{ ref('int_deepstate_area_by_period') }}

),

published_area as (

    select * from {{ ref('int_published_area_by_period') }}

),

changes as (

    select * from {{ ref('int_published_area_changes') }}

),

area_sources as (

    select unnest(['DeepState', 'ISW', 'AFP/ISW']) as area_source

),

areas as (

    select
        grain,
        period,
        area_source,
        area_source as area_series,
        -- The polygon covers Ukraine only.
        if(net_km2 is null, null, false) as includes_kursk,
        gained_km2,
        lost_km2,
        net_km2,
        if(net_km2 is null, null, 'computed from DeepState''s map') as area_claimant,
        base_date as area_from,
        end_date as area_to,
        if(net_km2 is null, null, as_of) as area_as_of,
        false as area_is_bound,
        cast(null as varchar) as area_is_sum_of,
        source_url as area_source_urls,
        no_area_because,
    from deepstate_area

    union all

    select
        grain,
        period,
        area_source,
        area_series,
        includes_kursk,
        gained_km2,
        lost_km2,
        net_km2,
        claimant as area_claimant,
        stated_from as area_from,
        stated_to as area_to,
        known_on as area_as_of,
        is_bound as area_is_bound,
        is_sum_of as area_is_sum_of,
        source_urls as area_source_urls,
        null as no_area_because,
    from published_area

),

final as (

    select
        periods.grain,
        periods.period,
        periods.period_start,
        periods.period_end,
        area_sources.area_source,
        coalesce(areas.area_series, area_sources.area_source) as area_series,
        areas.* exclude (grain, period, area_source, area_series, no_area_because),
        coalesce(areas.no_area_because, if(areas.net_km2 is null, changes.no_area_because, null)) as no_area_because,
    from periods
    cross join area_sources
    left join areas
        on
            periods.grain = areas.grain
            and periods.period = areas.period
            and area_sources.area_source = areas.area_source
    left join changes
        on
            periods.grain = changes.grain
            and periods.period = changes.period
            and area_sources.area_source = changes.area_source

)

select * from final
