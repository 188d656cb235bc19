-- Published ratios are claims whose inputs stand beside them: they are held against their own division. Each row is one
-- way to read a statement; where a statement can be read in several, statement_id joins them.

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
        coalesce(reading_of, claim_id) as statement_id,
        reading,
        statement,
        cast(null as varchar) as ratio_name,
        metric,
        series,
        basis_then,
        basis_now,
        period_start,
        period_end,
        base_start,
        base_end,
        printed_numerator,
        printed_denominator,
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
        -- Notes on claims are the collectors' own; remarks on them and notes on ratios are for readers.
        remark as note,
        source as claimed_by,
        published_on,
        url as source_url,
    from claims

    union all by name

    select
        ratio_id as claim_id,
        ratio_id as statement_id,
        ratio_name,
        'printed_ratio' as metric,
        period_start,
        period_end,
        numerator as printed_numerator,
        -- Per km of advance is no ratio to an area.
        if(unit = 'persons_per_km2', denominator_km2, null) as printed_denominator,
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
