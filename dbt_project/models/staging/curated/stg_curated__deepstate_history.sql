with

source as (

    select * from {{ ref('deepstate_history_curated') }}

),

final as (

    select
        period_start,
        period_end,
        net_km2,
        gained_km2,
        lost_km2,
        occupied_km2,
        publisher,
        licence,
        published_on,
        source_url,
        note,
    from source

)

select * from final
