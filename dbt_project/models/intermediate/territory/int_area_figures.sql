-- Every figure of area whose definition is known, by the period it speaks of: as others state it, as the sum of a
-- publisher's months, as others computed it from DeepState's map, and as we do. What does not say what it counts cannot
-- be reconciled by definition; it stays among the statements. Of one publisher's figures that stands which stands in
-- losses_per_km2: stated for the period, then summed, last a bare "over" or "nearly".

with

periods as (

    select * from {{ ref('int_periods') }}

),

statements as (

    select *
    from {{ ref('stg_curated__territory_published') }}
    where
        measure = 'km2_gained'
        and definition in ('control', 'control_and_claimed')
        and kursk_scope <> 'kursk only'

),

sums as (

    select * from {{ ref('int_published_area_sums') }}

),

history as (

    select * from {{ ref('int_deepstate_history_by_period') }}

),

computed as (

    select * from {{ ref('int_deepstate_area_by_period') }}

),

-- Of several texts that give one figure: whole rather than cut short, a figure rather than a bound, the newest.
stated as (

    select
        periods.grain,
        periods.period,
        statements.*,
        {{ area_publisher('statements.claimant', 'statements.basis') }} as area_publisher,
    from periods
    inner join statements
        on
            periods.period_start = statements.period_start
            and abs(statements.period_end - periods.period_end) <= {{ threshold('statement_end_days') }}
    qualify row_number() over (
        partition by
            periods.grain, periods.period, area_publisher, statements.definition, statements.kursk_scope,
            statements.infiltration_scope
        order by
            statements.is_bound, abs(statements.period_end - periods.period_end),
            statements.published_on desc nulls last, statements.source_url
    ) = 1

),

figures as (

    select
        grain,
        period,
        area_publisher as publisher,
        definition,
        includes_kursk,
        includes_infiltration,
        stated_km2 as net_km2,
        is_bound,
        period_start as figure_from,
        period_end as figure_to,
        cast(null as varchar) as is_sum_of,
        coalesce(published_on, period_end) as known_on,
        stated.publisher as printed_by,
        source_url,
        false as is_flagged,
        if(is_bound, 3, 1) as preference,
    from stated

    union all

    select
        grain,
        period,
        {{ area_publisher('claimant', 'basis') }} as publisher,
        definition,
        includes_kursk,
        includes_infiltration,
        net_km2,
        is_bound,
        stated_from as figure_from,
        stated_to as figure_to,
        is_sum_of,
        known_on,
        null as printed_by,
        source_urls as source_url,
        false as is_flagged,
        2 as preference,
    from sums

    union all

    select
        grain,
        period,
        'deepstate_history' as publisher,
        'control' as definition,
        false as includes_kursk,
        false as includes_infiltration,
        net_km2,
        false as is_bound,
        covered_from as figure_from,
        covered_to as figure_to,
        is_sum_of,
        known_on,
        null as printed_by,
        source_urls as source_url,
        is_flagged,
        1 as preference,
    from history
    where is_whole

    union all

    select
        grain,
        period,
        'DeepState, computed here' as publisher,
        'control' as definition,
        false as includes_kursk,
        false as includes_infiltration,
        net_km2,
        false as is_bound,
        base_date as figure_from,
        end_date as figure_to,
        null as is_sum_of,
        as_of as known_on,
        null as printed_by,
        source_url,
        false as is_flagged,
        1 as preference,
    from computed
    where net_km2 is not null

),

final as (

    select * exclude (preference)
    from figures
    qualify row_number() over (
        partition by grain, period, publisher, definition, includes_kursk, includes_infiltration
        order by preference, known_on desc, source_url
    ) = 1

)

select * from final
