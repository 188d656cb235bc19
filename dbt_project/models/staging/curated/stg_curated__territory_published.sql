with

source as (

    select * from {{ ref('territory_published') }}

),

final as (

    select
        period_start,
        period_end,
        granularity,
        measure,
        value as stated_km2,
        -- "Over" and "nearly" are entered as a range open on one side.
        value_low is not null or value_high is not null as is_bound,
        claimant,
        basis,
        includes_kursk as kursk_scope,
        case includes_kursk when 'yes' then true when 'no' then false end as includes_kursk,
        publisher,
        url as source_url,
        published_on,
        note,
    from source

)

select * from final
