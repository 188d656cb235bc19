-- The curated amounts as they were published.

with

published as (

    select * from {{ ref('signup_bonus_curated') }}

),

final as (

    select
        {{ statement_id(['date', 'region', 'measure', 'component']) }} as statement_id,
        date as amount_date,
        date_precision,
        region,
        measure,
        component,
        amount_rub,
        amount_low as amount_rub_low,
        amount_high as amount_rub_high,
        claimant,
        publisher,
        original_publisher,
        published_on,
        url as source_url,
        note,
    from published

)

select * from final
