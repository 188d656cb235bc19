-- The curated estimates as they were published. Totals stand in toll_estimates too; parts of the list, flows and rates
-- stand here only, for none of them is a total.

with

published as (

    select * from {{ ref('estimates') }}

),

measures as (

    select * from {{ ref('estimate_measures') }}

),

named_totals as (

    select * from {{ ref('int_named_totals') }} where is_exact

),

final as (

    select
        {{ statement_id([
            'published.as_of_date', 'published.measure', 'published.region', 'published.scope', 'published.method',
            'published.claimant', 'published.publisher', 'published.note'
        ]) }} as statement_id,
        published.as_of_date as as_of,
        published.as_of_precision,
        published.deaths_through,
        published.measure,
        if(coalesce(published.note, '') like 'flow:%', 'flow', measures.counts) as counts,
        measures.part_kind,
        coalesce(published.region, measures.part) as part,
        published.low,
        published.central,
        published.high,
        if(measures.counts = 'part', named_totals.named_total, null) as named_total,
        if(measures.counts = 'part', published.central / named_totals.named_total, null) as list_share,
        published.scope,
        published.method,
        published.claimant,
        published.publisher,
        published.original_publisher,
        -- Of some only the month of publication was visible, which is no day.
        try_cast(published.published_on as date) as published_on,
        left(published.published_on, 7) as published_month,
        published.url as source_url,
        published.note,
    from published
    inner join measures on published.measure = measures.measure
    left join named_totals on published.as_of_date = named_totals.as_of

)

select * from final
