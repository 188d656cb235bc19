with

source as (

    select * from {{ ref('recruitment') }}

),

final as (

    select
        {{ statement_id(['period_start', 'period_end', 'measure', 'claimant', 'publisher']) }} as statement_id,
        period_start,
        period_end,
        measure,
        value as stated_value,
        value_low as stated_low,
        value_high as stated_high,
        unit,
        claimant,
        basis,
        publisher,
        original_publisher,
        url as source_url,
        published_on,
        note,
    from source

)

select * from final
