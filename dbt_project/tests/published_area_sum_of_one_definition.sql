-- Every statement in a sum, by what it counts: a sum over two definitions or scopes is an area of nothing.

with

sums as (

    select
        grain,
        period,
        area_series,
        is_sum_of,
        unnest(statement_ids) as statement_id,
    from {{ ref('int_published_area_sums') }}

),

statements as (

    select * from {{ ref('stg_curated__territory_published') }}

),

final as (

    select
        sums.grain,
        sums.period,
        sums.area_series,
        sums.is_sum_of,
        string_agg(distinct statements.definition, ', ' order by statements.definition) as definitions,
        string_agg(distinct statements.kursk_scope, ', ' order by statements.kursk_scope) as kursk_scopes,
        string_agg(distinct statements.infiltration_scope, ', ' order by statements.infiltration_scope)
            as infiltration_scopes,
    from sums
    inner join statements on sums.statement_id = statements.statement_id
    group by sums.grain, sums.period, sums.area_series, sums.is_sum_of
    having
        count(distinct statements.definition) > 1
        or count(distinct statements.kursk_scope) > 1
        or count(distinct statements.infiltration_scope) > 1
        or bool_or(statements.definition not in ('control', 'control_and_claimed'))

)

select * from final
