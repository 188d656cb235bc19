with

steps as (

    select * from {{ ref('int_vintage_steps') }}

),

final as (

    select
        as_of,
        last_seen,
        data_through,
        dated_total,
        cast(named_total as integer) as named_total,
        named_total_as_of,
        cast(undated_total as integer) as undated_total,
        dated_share,
        cast(added as integer) as added,
        cast(removed as integer) as removed,
        cast(days_since_previous as integer) as days_since_previous,
        is_stale_content,
        cast(days_unchanged as integer) as days_unchanged,
        standstill,
        is_break,
        break_codes,
        round(named_pace_ratio, 4) as named_pace_ratio,
        round(dated_pace_ratio, 4) as dated_pace_ratio,
        round(dated_share_change_points, 4) as dated_share_change_points,
        cast(undated_change as integer) as undated_change,
        is_reviewed,
    from steps

)

select * from final
