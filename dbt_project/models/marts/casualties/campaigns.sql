with

campaigns as (

    select * from {{ ref('campaigns_curated') }}

),

final as (

    select
        campaign,
        title,
        period_start,
        period_end,
        note,
        source_url,
    from campaigns

)

select * from final
