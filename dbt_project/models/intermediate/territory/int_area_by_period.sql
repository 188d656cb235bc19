-- Every period by every series of areas that has a figure for it: what DeepState's map gives, by us and by others who
-- computed its history, and what was published, in the same columns. A source without any figure for the period has one
-- row, null but for the reason.

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

history as (

    select * from {{ ref('int_deepstate_history_by_period') }}

),

changes as (

    select * from {{ ref('int_published_area_changes') }}

),

area_sources as (

    select unnest(['DeepState', 'deepstate_history', 'ISW', 'AFP/ISW']) as area_source

),

areas as (

    select
        grain,
        period,
        area_source,
        area_source as area_series,
        -- The polygon is what DeepState marks as occupied: not its grey zones, not what is claimed, and Ukraine only.
        if(net_km2 is null, null, 'control') as area_definition,
        if(net_km2 is null, null, false) as includes_kursk,
        if(net_km2 is null, null, false) as includes_infiltration,
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
        cast(null as varchar) as area_lacks,
    from deepstate_area

    union all

    -- A flagged area is shown where the history itself is, and divides nothing.
    select
        grain,
        period,
        'deepstate_history' as area_source,
        'deepstate_history' as area_series,
        if(no_area_because is null, 'control', null) as area_definition,
        if(no_area_because is null, false, null) as includes_kursk,
        if(no_area_because is null, false, null) as includes_infiltration,
        if(no_area_because is null, gained_km2, null) as gained_km2,
        if(no_area_because is null, lost_km2, null) as lost_km2,
        if(no_area_because is null, net_km2, null) as net_km2,
        if(no_area_because is null, publisher || ', computed from DeepState''s map', null) as area_claimant,
        if(no_area_because is null, covered_from, null) as area_from,
        if(no_area_because is null, covered_to, null) as area_to,
        if(no_area_because is null, known_on, null) as area_as_of,
        false as area_is_bound,
        if(no_area_because is null, is_sum_of, null) as area_is_sum_of,
        if(no_area_because is null, source_urls, null) as area_source_urls,
        no_area_because,
        if(no_area_because is null, area_lacks, null) as area_lacks,
    from history

    union all

    select
        grain,
        period,
        area_source,
        area_series,
        definition as area_definition,
        includes_kursk,
        includes_infiltration,
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
        null as area_lacks,
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
