-- Area gained in a period as the sum of the months of one speaker, when all of them are there. Speakers, maps,
-- definitions (with claimed areas or without) and scopes (Kursk Oblast, zones of infiltration) are never mixed in one.

with

periods as (

    select * from {{ ref('int_periods') }}

),

statements as (

    select * from {{ ref('int_published_area_statements') }}

),

-- One figure a month: whole rather than cut short, a figure rather than a bound, the newest text. Taken from the
-- statements alone: a month may be published before any series of losses reaches it.
months as (

    select
        *,
        strftime(period_start, '%Y-%m') as month_name,
        last_day(period_start) as month_end,
    from statements
    where
        measure = 'km2_gained'
        and period_start = date_trunc('month', period_start)
        and abs(period_end - last_day(period_start)) <= {{ threshold('statement_end_days') }}
    qualify row_number() over (
        partition by area_series, claimant, basis, period_start
        order by abs(period_end - last_day(period_start)), is_bound, published_on desc nulls last, source_url
    ) = 1

),

final as (

    select
        periods.grain,
        periods.period,
        months.area_source,
        months.area_series,
        months.claimant,
        months.basis,
        months.definition,
        months.kursk_scope,
        months.includes_kursk,
        months.includes_infiltration,
        min(months.period_start) as stated_from,
        max(months.period_end) as stated_to,
        -- Nobody can have known a figure before the last day it speaks of.
        max(coalesce(months.published_on, months.period_end)) as known_on,
        sum(months.stated_km2) as net_km2,
        bool_or(months.is_bound) as is_bound,
        string_agg(months.month_name, ', ' order by months.month_name) as is_sum_of,
        -- What was summed, by its keys: a check holds their definitions against each other.
        list(months.statement_id order by months.period_start) as statement_ids,
        string_agg(distinct months.source_url, ' ' order by months.source_url) as source_urls,
    from periods
    inner join months
        on
            periods.period_start <= months.period_start
            and periods.period_end >= months.month_end
    where
        periods.grain <> 'month'
        and periods.period_start = date_trunc('month', periods.period_start)
        and periods.period_end = last_day(periods.period_end)
    group by
        periods.grain,
        periods.period,
        periods.period_start,
        periods.period_end,
        months.area_source,
        months.area_series,
        months.claimant,
        months.basis,
        months.definition,
        months.kursk_scope,
        months.includes_kursk,
        months.includes_infiltration
    having count(*) = date_diff('month', periods.period_start, periods.period_end) + 1

)

select * from final
