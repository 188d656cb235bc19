-- The curated statements as they were made, with what becomes of each in recruitment_vs_losses. The reason why one is
-- used nowhere is read off the derivations, so that it holds for rows to come.

with

statements as (

    select * from {{ ref('int_recruitment_statements') }}

),

derived as (

    select
        *,
        unnest(statement_ids) as statement_id,
    from {{ ref('int_recruits_derived') }}

),

uses as (

    select
        statement_id,
        string_agg(distinct period, '; ' order by period) filter (used_in = 'range') as used_in,
        string_agg(distinct period, '; ' order by period) filter (used_in = 'beside') as summed_beside,
        string_agg(distinct period, '; ' order by period) filter (used_in = 'nowhere') as left_out_of,
        string_agg(distinct unused_because, '; ' order by unused_because) as unused_because,
    from derived
    group by statement_id

),

final as (

    select
        statements.statement_id,
        statements.period_start,
        statements.period_end,
        statements.basis,
        statements.claimant,
        statements.measure,
        statements.kind as counted,
        statements.unit,
        statements.stated_value,
        statements.stated_low,
        statements.stated_high,
        uses.used_in,
        uses.summed_beside,
        uses.left_out_of,
        if(
            uses.used_in is null and uses.summed_beside is null,
            coalesce(
                statements.not_counted_because,
                uses.unused_because,
                'gives no quarter, half-year, year or year to date'
            ),
            null
        ) as unused_because,
        statements.measure_reason,
        statements.publisher,
        statements.original_publisher,
        statements.published_on,
        statements.source_url,
        statements.note,
    from statements
    left join uses on statements.statement_id = uses.statement_id

)

select * from final
