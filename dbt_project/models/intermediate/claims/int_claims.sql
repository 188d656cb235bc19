-- Published ratios are claims whose inputs stand beside them: they are held against their own division.

with

claims as (

    select * from {{ ref('claims') }}

),

ratios as (

    select * from {{ ref('ratios_published') }}

),

final as (

    select
        claim_id,
        statement,
        cast(null as varchar) as ratio_name,
        metric,
        series,
        period_start,
        period_end,
        unit,
        value_low as stated_low,
        value_high as stated_high,
        value_in_words as stated_in_words,
        day_in_words as stated_day,
        kind,
        tolerance,
        method_then,
        method_now,
        definition,
        -- Notes on claims are the collectors' own; those on ratios are for readers.
        cast(null as varchar) as note,
        source as claimed_by,
        published_on,
        url as source_url,
    from claims

    union all by name

    select
        ratio_id as claim_id,
        ratio_name,
        'printed_ratio' as metric,
        period_start,
        period_end,
        unit,
        coalesce(value, value_low) as stated_low,
        value_high as stated_high,
        'printed_ratio' as kind,
        tolerance,
        'the inputs printed with it' as method_then,
        method_then as method_now,
        note,
        claimant as claimed_by,
        published_on,
        url as source_url,
    from ratios

)

select * from final
