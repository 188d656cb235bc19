with

deaths as (

    select * from {{ ref('stg_mediazona__deaths_by_region') }}

),

vintages as (

    select * from {{ ref('int_region_vintages') }}

),

regions as (

    select * from {{ ref('regions') }}

),

men as (

    select * from {{ ref('men_16_61_by_region') }}

),

final as (

    select
        deaths.as_of,
        deaths.region,
        deaths.region_ru,
        regions.region_code,
        deaths.confirmed_deaths,
        deaths.confirmed_deaths / nullif(vintages.located_deaths, 0) as located_share,
        deaths.confirmed_deaths - before.confirmed_deaths as added,
        men.men_16_61,
        1000 * deaths.confirmed_deaths / nullif(men.men_16_61, 0) as deaths_per_1000_men,
        case
            when regions.region is null then 'not in the register of regions'
            when men.men_16_61 is null then coalesce(men.none_because, 'no figure of men for this region')
        end as suppressed_because,
    from deaths
    inner join vintages on deaths.as_of = vintages.as_of and vintages.is_whole
    left join regions on deaths.region = regions.region
    left join men on regions.region_code = men.region_code
    left join deaths as before on vintages.previous_as_of = before.as_of and deaths.region = before.region

)

select * from final
