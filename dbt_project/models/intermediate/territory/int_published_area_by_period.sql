-- Area gained in a period as published, one figure a series: stated for exactly that period, or summed from months.

with

periods as (

    select * from {{ ref('int_periods') }}

),

statements as (

    select * from {{ ref('int_published_area_statements') }}

),

summed as (

    select * from {{ ref('int_published_area_sums') }}

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

candidates as (

    select
        grain,
        period,
        area_source,
        area_series,
        claimant,
        basis,
        definition,
        kursk_scope,
        includes_kursk,
        includes_infiltration,
        period_start as stated_from,
        period_end as stated_to,
        -- Nobody can have known a figure before the last day it speaks of.
        coalesce(published_on, period_end) as known_on,
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
        area_series,
        claimant,
        basis,
        definition,
        kursk_scope,
        includes_kursk,
        includes_infiltration,
        stated_from,
        stated_to,
        known_on,
        net_km2,
        is_bound,
        is_sum_of,
        source_urls,
        0 as days_off,
        null as published_on,
    from summed

),

-- Which of several figures of one series stands: a figure stated for the period, then a sum of months, last a bare
-- "over" or "nearly".
chosen as (

    select *
    from candidates
    qualify row_number() over (
        partition by grain, period, area_series
        order by
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
        area_series,
        basis,
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
        chosen.area_series,
        chosen.definition,
        chosen.includes_kursk,
        chosen.includes_infiltration,
        chosen.claimant,
        chosen.basis,
        chosen.stated_from,
        chosen.stated_to,
        chosen.known_on,
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
            and chosen.area_series = gross.area_series
            and chosen.basis = gross.basis

)

select * from final
