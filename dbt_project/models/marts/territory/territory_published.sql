-- The curated areas as they were published.

with

published as (

    select * from {{ ref('stg_curated__territory_published') }}

),

final as (

    select
        statement_id,
        period_start,
        period_end,
        granularity,
        measure,
        stated_km2,
        stated_km2_low,
        stated_km2_high,
        claimant,
        basis,
        definition,
        kursk_scope,
        includes_kursk,
        infiltration_scope,
        includes_infiltration,
        publisher,
        original_publisher,
        published_on,
        source_url,
        note,
    from published

)

select * from final
