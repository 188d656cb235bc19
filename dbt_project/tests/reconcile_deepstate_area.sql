-- Net area computed here against what DeepState published for the same period: beyond both a share of it and the size
-- of a large step of the map, have a look.

with

computed as (

    select * from {{ ref('int_deepstate_area_by_period') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

published as (

    select * from {{ ref('stg_curated__territory_published') }}

),

final as (

    select
        periods.grain,
        periods.period,
        computed.net_km2 as computed_km2,
        published.stated_km2 as published_km2,
        published.source_url,
    from computed
    inner join periods
        on
            computed.grain = periods.grain
            and computed.period = periods.period
    inner join published
        on
            periods.period_start = published.period_start
            and periods.period_end = published.period_end
    where
        published.claimant = 'DeepState'
        and published.measure = 'km2_gained'
        and abs(computed.net_km2 - published.stated_km2) > greatest(
            {{ threshold('reconcile_area_share') }} * abs(published.stated_km2), {{ threshold('area_jump_km2') }}
        )

)

select * from final
