-- Recruits of a period as somebody put them: for exactly these days, or from 1 January to a day close to the end of a
-- quarter, half or year.

with

periods as (

    select *, period_end - period_start + 1 as days
    from {{ ref('int_recruitment_periods') }}

),

statements as (

    select * from {{ ref('int_recruitment_statements') }} where not_counted_because is null

),

matched as (

    select
        periods.grain,
        periods.period,
        periods.days,
        statements.*,
        abs(statements.period_end - periods.period_end) as days_off,
    from periods
    inner join statements on periods.period_start = statements.period_start
    where
        statements.period_end = periods.period_end
        or (
            statements.is_ytd
            and periods.grain <> 'year_to_date'
            and abs(statements.period_end - periods.period_end) <= {{ threshold('recruitment_boundary_days') }}
        )

),

final as (

    select
        grain,
        period,
        days,
        basis,
        claimant,
        kind,
        if(days_off = 0, 'stated', 'year to date') as derived_by,
        figure,
        recruits_low,
        recruits_high,
        days_off,
        period_end - period_start + 1 as days_stated,
        [statement_id] as statement_ids,
        [source_url] as source_urls,
        cast(null as varchar) as withheld_because,
    from matched

)

select * from final
