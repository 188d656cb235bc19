-- A file that lacks a region must not be read as a fall: what each vintage holds of the known regions is told once,
-- here, and only whole vintages are compared with each other.
with

deaths as (

    select * from {{ ref('stg_mediazona__deaths_by_region') }}

),

regions as (

    select
        region,
        coalesce(held_from, date '0001-01-01') as held_from,
        coalesce(held_until, date '9999-12-31') as held_until,
    from {{ ref('regions') }}

),

vintages as (

    select
        as_of,
        cast(count(*) as integer) as region_count,
        cast(sum(confirmed_deaths) as integer) as located_deaths,
    from deaths
    group by as_of

),

missing as (

    select
        vintages.as_of,
        string_agg(regions.region, '; ' order by regions.region) as missing_regions,
    from vintages
    inner join regions on vintages.as_of between regions.held_from and regions.held_until
    left join deaths on vintages.as_of = deaths.as_of and regions.region = deaths.region
    where deaths.region is null
    group by vintages.as_of

),

unknown as (

    select
        deaths.as_of,
        string_agg(deaths.region, '; ' order by deaths.region) as unknown_regions,
    from deaths
    left join regions
        on deaths.region = regions.region and deaths.as_of between regions.held_from and regions.held_until
    where regions.region is null
    group by deaths.as_of

),

judged as (

    select
        vintages.as_of,
        vintages.region_count,
        vintages.located_deaths,
        missing.missing_regions,
        unknown.unknown_regions,
        missing.missing_regions is null as is_whole,
    from vintages
    left join missing on vintages.as_of = missing.as_of
    left join unknown on vintages.as_of = unknown.as_of

),

final as (

    select
        *,
        as_of = max(as_of) over () as is_newest,
        max(case when is_whole then as_of end) over (
            order by as_of rows between unbounded preceding and 1 preceding
        ) as previous_as_of,
    from judged

)

select * from final
