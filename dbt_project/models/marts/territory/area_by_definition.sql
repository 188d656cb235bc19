-- Why several areas describe one period: each publisher's figure by what it counts. A figure that nothing stands beside
-- has nothing to be reconciled with.

with

periods as (

    select * from {{ ref('int_periods') }}

),

figures as (

    select * from {{ ref('int_area_figures') }}

),

final as (

    select
        periods.grain,
        figures.period,
        periods.period_start,
        periods.period_end,
        figures.publisher,
        figures.definition,
        figures.includes_kursk,
        figures.includes_infiltration,
        figures.net_km2,
        case figures.definition
            when 'control' then 'control'
            when 'control_and_claimed' then 'control and claimed areas'
        end
        || case figures.includes_kursk
            when true then ', Ukraine and Kursk Oblast'
            when false then ', Ukraine only'
            else ', Kursk Oblast not said'
        end
        || case figures.includes_infiltration
            when true then ', with infiltration zones'
            when false then ', without infiltration zones'
            else ''
        end as counted,
        figures.is_bound,
        figures.is_flagged,
        figures.figure_from,
        figures.figure_to,
        figures.is_sum_of,
        figures.known_on,
        figures.printed_by,
        figures.source_url,
        cast(count(*) over (partition by figures.grain, figures.period) as integer) as figures_of_period,
    from figures
    inner join periods
        on
            figures.grain = periods.grain
            and figures.period = periods.period
    qualify figures_of_period > 1

)

select * from final
