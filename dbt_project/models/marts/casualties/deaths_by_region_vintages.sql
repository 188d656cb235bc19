with

vintages as (

    select * from {{ ref('int_region_vintages') }}

),

steps as (

    select
        as_of,
        sum(added) as added,
        sum(case when added is not null then greatest(-added, 0) end) as removed,
    from {{ ref('deaths_by_region') }}
    group by as_of

),

final as (

    select
        vintages.as_of,
        vintages.is_whole,
        vintages.region_count,
        case when vintages.is_whole then vintages.located_deaths end as located_deaths,
        cast(steps.added as integer) as added,
        cast(steps.removed as integer) as removed,
        vintages.missing_regions,
        vintages.unknown_regions,
        case
            when not vintages.is_whole then 'regions missing from the file: ' || vintages.missing_regions
        end as suppressed_because,
    from vintages
    left join steps on vintages.as_of = steps.as_of

)

select * from final
