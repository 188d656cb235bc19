with

source as (

    select * from {{ ref('territory_published_curated') }}

),

final as (

    select
        {{ statement_id(['period_start', 'period_end', 'measure', 'claimant', 'basis', 'publisher']) }}
            as statement_id,
        period_start,
        period_end,
        granularity,
        measure,
        value as stated_km2,
        value_low as stated_km2_low,
        value_high as stated_km2_high,
        -- "Over" and "nearly" are entered as a range open on one side.
        value_low is not null or value_high is not null as is_bound,
        claimant,
        basis,
        definition,
        includes_kursk as kursk_scope,
        {{ said('includes_kursk') }} as includes_kursk,
        includes_infiltration as infiltration_scope,
        {{ said('includes_infiltration') }} as includes_infiltration,
        publisher,
        original_publisher,
        url as source_url,
        published_on,
        note,
    from source

)

select * from final
