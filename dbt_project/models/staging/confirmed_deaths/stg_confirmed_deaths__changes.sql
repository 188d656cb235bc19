-- Files that a person accepted are exempt from checks of the series; dbt holds back what is built on it until those
-- checks are through, which it does only for tests whose sources all stand upstream.
-- depends_on: {{ source('observations', 'accepted_by_people') }}

with

source as (

    select * from {{ source('observations', 'confirmed_deaths') }}

),

final as (

    select
        as_of,
        death_date,
        change as confirmed_deaths_change,
    from source

)

select * from final
