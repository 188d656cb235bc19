-- Area gained in a period as published: stated for exactly that period, or summed from the months of one speaker
-- when all of them are there. Speakers, maps and scopes (with or without Kursk Oblast) are never mixed in a sum.

with

periods as (

    select * from {{ ref('int_periods') }}

),

published as (

    select * from {{ ref('stg_curated__territory_published') }}

),

-- Only the two that publish a series. What others say stays in the curated file.
statements as (

    select
        *,
        case claimant
            when 'ISW' then 'ISW'
            when 'AFP analysis of ISW' then 'AFP/ISW'
        end as area_source,
    from published
    where
        claimant in ('ISW', 'AFP analysis of ISW')
        and kursk_scope <> 'kursk only'

),

matched as (

    select
        periods.grain,
        periods.period,
        statements.*,
        abs(statements.period_end - periods.period_end) as days_off,
    from periods
    inner join statements
        on
            periods.period_start = statements.period_start
            and abs(statements.period_end - periods.period_end) <= {{ threshold('statement_end_days') }}

),

direct as (

    select * from matched where measure = 'km2_gained'

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
        partition by area_source, claimant, basis, kursk_scope, period_start
        order by abs(period_end - last_day(period_start)), is_bound, published_on desc nulls last, source_url
    ) = 1

),

summed as (

    select
        periods.grain,
        periods.period,
        months.area_source,
        months.claimant,
        months.basis,
        months.kursk_scope,
        months.includes_kursk,
        min(months.period_start) as stated_from,
        max(months.period_end) as stated_to,
        sum(months.stated_km2) as net_km2,
        bool_or(months.is_bound) as is_bound,
        string_agg(months.month_name, ', ' order by months.month_name) as is_sum_of,
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
        months.claimant,
        months.basis,
        months.kursk_scope,
        months.includes_kursk
    having count(*) = date_diff('month', periods.period_start, periods.period_end) + 1

),

candidates as (

    select
        grain,
        period,
        area_source,
        claimant,
        basis,
        kursk_scope,
        includes_kursk,
        period_start as stated_from,
        period_end as stated_to,
        stated_km2 as net_km2,
        is_bound,
        cast(null as varchar) as is_sum_of,
        source_url as source_urls,
        days_off,
        published_on,
    from direct

    union all

    select
        grain,
        period,
        area_source,
        claimant,
        basis,
        kursk_scope,
        includes_kursk,
        stated_from,
        stated_to,
        net_km2,
        is_bound,
        is_sum_of,
        source_urls,
        0 as days_off,
        null as published_on,
    from summed

),

-- Which of several figures of one speaker stands: first by scope, the widest (ISW's headline figures take in Kursk
-- Oblast), then a figure stated for the period, then a sum of months, last a bare "over" or "nearly".
chosen as (

    select *
    from candidates
    qualify row_number() over (
        partition by grain, period, area_source
        order by
            case kursk_scope when 'yes' then 1 when 'unknown' then 2 else 3 end,
            case when is_sum_of is not null then 2 when is_bound then 3 else 1 end,
            days_off,
            published_on desc nulls last,
            source_urls
    ) = 1

),

gross as (

    select
        grain,
        period,
        area_source,
        basis,
        kursk_scope,
        max(stated_km2) filter (measure = 'km2_gained_gross') as gained_km2,
        max(stated_km2) filter (measure = 'km2_regained_by_ukraine') as lost_km2,
    from matched
    group by all

),

final as (

    select
        chosen.grain,
        chosen.period,
        chosen.area_source,
        chosen.includes_kursk,
        chosen.claimant,
        chosen.basis,
        chosen.stated_from,
        chosen.stated_to,
        gross.gained_km2,
        gross.lost_km2,
        chosen.net_km2,
        chosen.is_bound,
        chosen.is_sum_of,
        chosen.source_urls,
    from chosen
    left join gross
        on
            chosen.grain = gross.grain
            and chosen.period = gross.period
            and chosen.area_source = gross.area_source
            and chosen.basis = gross.basis
            and chosen.kursk_scope = gross.kursk_scope

)

select * from final
