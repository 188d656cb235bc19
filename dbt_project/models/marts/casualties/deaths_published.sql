-- The curated counts and rates as they were published.

with

published as (

    select * from {{ ref('deaths_published_curated') }}

),

final as (

    select
        {{ statement_id([
            'period_start', 'period_end', 'granularity', 'date_basis', 'claimant', 'url', 'data_vintage'
        ]) }} as statement_id,
        period_start,
        period_end,
        granularity,
        date_basis,
        measure,
        low,
        central,
        high,
        claimant,
        data_vintage,
        publisher,
        original_publisher,
        -- Of some only the month of publication was visible, which is no day.
        try_cast(published_on as date) as published_on,
        left(published_on, 7) as published_month,
        url as source_url,
        note,
    from published

)

select * from final
