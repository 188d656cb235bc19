-- Every vintage that was observed is published, and nothing that was not.

with

observed as (

    select as_of as observed_as_of from {{ ref('stg_confirmed_deaths__vintages') }}

),

published as (

    select as_of as published_as_of from {{ ref('vintages') }}

),

final as (

    select *
    from observed
    full join published on observed.observed_as_of = published.published_as_of
    where observed_as_of is null or published_as_of is null

)

select * from final
