-- Recruits of a half or year as the sum of its parts, where one speaker states every part in one kind of count: the
-- halves of a year, and the quarters of a half that is not stated itself.

with

periods as (

    select
        *,
        period_end - period_start + 1 as days,
        make_date(year(period_start), if(month(period_start) <= 6, 1, 7), 1) as half_start,
    from {{ ref('int_periods') }}
    where grain in ('quarter', 'half', 'year')

),

statements as (

    select * from {{ ref('int_recruitment_statements') }} where not_counted_because is null

),

stated as (

    select
        periods.grain,
        periods.period_start,
        periods.period_end,
        periods.half_start,
        periods.days,
        statements.basis,
        statements.claimant,
        statements.kind,
        -- Two figures of one speaker for one part are a range; one open end leaves it open.
        if(
            count(statements.figure) = count(*) and count(distinct statements.figure) = 1,
            min(statements.figure),
            null
        ) as figure,
        if(count(statements.recruits_low) = count(*), min(statements.recruits_low), null) as recruits_low,
        if(count(statements.recruits_high) = count(*), max(statements.recruits_high), null) as recruits_high,
        list(statements.statement_id) as statement_ids,
        list(statements.source_url) as source_urls,
    from periods
    inner join statements
        on
            periods.period_start = statements.period_start
            and periods.period_end = statements.period_end
    group by all

),

parts as (

    select
        wholes.grain as whole_grain,
        wholes.period,
        wholes.days as whole_days,
        stated.*,
    from periods as wholes
    inner join stated
        on
            wholes.days > stated.days
            and wholes.period_start <= stated.period_start
            and wholes.period_end >= stated.period_end
    qualify
        stated.grain = 'half'
        or not bool_or(stated.grain = 'half') over (
            partition by wholes.grain, wholes.period, stated.basis, stated.claimant, stated.kind, stated.half_start
        )

),

final as (

    select
        whole_grain as grain,
        period,
        whole_days as days,
        basis,
        claimant,
        kind,
        'sum' as derived_by,
        if(count(figure) = count(*), sum(figure), null) as figure,
        if(count(recruits_low) = count(*), sum(recruits_low), null) as recruits_low,
        if(count(recruits_high) = count(*), sum(recruits_high), null) as recruits_high,
        0 as days_off,
        whole_days as days_stated,
        list_sort(flatten(list(statement_ids))) as statement_ids,
        list_distinct(flatten(list(source_urls))) as source_urls,
        cast(null as varchar) as withheld_because,
    from parts
    group by
        whole_grain,
        period,
        whole_days,
        basis,
        claimant,
        kind
    having sum(days) = whole_days
    -- A sum open at both ends says nothing.
    and (count(recruits_low) = count(*) or count(recruits_high) = count(*))

)

select * from final
