-- Files that a person accepted are exempt from checks of the series; dbt holds back what is built on it until those
-- checks are through, which it does only for tests whose sources all stand upstream.
-- depends_on: {{ source('observations', 'accepted_by_people') }}

with

source as (

    select * from {{ source('observations', 'occupied_area') }}

),

final as (

    select
        area_date,
        occupied_km2,
        previous_date,
        gained_km2,
        lost_km2,
    from source

)

select * from final
