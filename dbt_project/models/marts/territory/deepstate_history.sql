-- The history of DeepState's map as others computed it, beside ours where both have a figure. Two series: neither
-- continues the other.

with

history as (

    select * from {{ ref('int_deepstate_history_by_period') }}

),

computed as (

    select * from {{ ref('int_deepstate_area_by_period') }} where net_km2 is not null

),

final as (

    select
        history.grain,
        history.period,
        history.period_start,
        history.period_end,
        history.covered_to,
        cast(history.covered_days as integer) as covered_days,
        history.period_end - history.period_start + 1 as period_days,
        history.net_km2,
        history.gained_km2,
        history.lost_km2,
        history.occupied_km2,
        history.is_sum_of,
        history.is_flagged,
        history.flag_reason,
        if(history.is_whole, computed.net_km2, null) as computed_here_km2,
        if(history.is_whole, history.net_km2 - computed.net_km2, null) as difference_km2,
        history.known_on as as_of,
        history.publisher,
        history.licence,
        history.source_urls as source_url,
        history.note,
    from history
    left join computed
        on
            history.grain = computed.grain
            and history.period = computed.period
    where history.net_km2 is not null

)

select * from final
