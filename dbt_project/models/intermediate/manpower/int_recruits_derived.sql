-- Recruits of a quarter, half or year in every way that what a speaker said gives them, by preference: stated for
-- exactly that period, (from 1 January) a year-to-date figure, the difference of two year-to-date figures. Differences
-- stay within one speaker, one basis, one year and one kind of count.

with

periods as (

    select *, period_end - period_start + 1 as days
    from {{ ref('int_periods') }}
    where grain in ('quarter', 'half', 'year')

),

statements as (

    select * from {{ ref('int_recruitment_statements') }}

),

year_to_date as (

    select * from statements where is_ytd

),

-- Where contracts alone and contracts with volunteers both run through a year, speakers slid from one count to the
-- other (2023): what lies between two such statements is not recruitment.
mixed_years as (

    select
        basis,
        year(period_start) as mixed_year,
    from year_to_date
    where kind in ('contracts', 'contracts and volunteers')
    group by all
    having count(distinct kind) > 1

),

stated as (

    select
        periods.grain,
        periods.period,
        periods.days,
        statements.basis,
        statements.claimant,
        statements.kind,
        1 as preference,
        statements.figure,
        statements.recruits_low,
        statements.recruits_high,
        0 as days_off,
        periods.days as days_stated,
        statements.stated_as as derivation,
        [statements.source_url] as source_urls,
    from periods
    inner join statements
        on
            periods.period_start = statements.period_start
            and periods.period_end = statements.period_end

),

from_year_start as (

    select
        periods.grain,
        periods.period,
        periods.days,
        year_to_date.basis,
        year_to_date.claimant,
        year_to_date.kind,
        2 as preference,
        year_to_date.figure,
        year_to_date.recruits_low,
        year_to_date.recruits_high,
        abs(year_to_date.period_end - periods.period_end) as days_off,
        year_to_date.period_end - year_to_date.period_start + 1 as days_stated,
        printf('%s to %s', year_to_date.stated_as, year_to_date.period_end) as derivation,
        [year_to_date.source_url] as source_urls,
    from periods
    inner join year_to_date on periods.period_start = year_to_date.period_start
    where
        abs(year_to_date.period_end - periods.period_end)
        between 1 and {{ threshold('recruitment_boundary_days') }}

),

differences as (

    select
        periods.grain,
        periods.period,
        periods.days,
        at_end.basis,
        at_end.claimant,
        at_end.kind,
        3 as preference,
        at_end.figure - before_start.figure as figure,
        at_end.recruits_low - before_start.recruits_high as recruits_low,
        at_end.recruits_high - before_start.recruits_low as recruits_high,
        abs(at_end.period_end - periods.period_end)
        + abs(before_start.period_end - (periods.period_start - 1)) as days_off,
        at_end.period_end - before_start.period_end as days_stated,
        printf(
            '%s to %s less %s to %s',
            at_end.stated_as,
            at_end.period_end,
            before_start.stated_as,
            before_start.period_end
        ) as derivation,
        [at_end.source_url, before_start.source_url] as source_urls,
    from periods
    inner join year_to_date as at_end
        on
            date_trunc('year', periods.period_start) = at_end.period_start
            and abs(at_end.period_end - periods.period_end) <= {{ threshold('recruitment_boundary_days') }}
    inner join year_to_date as before_start
        on
            at_end.basis = before_start.basis
            and at_end.claimant = before_start.claimant
            and at_end.kind = before_start.kind
            and at_end.period_start = before_start.period_start
            and abs(before_start.period_end - (periods.period_start - 1))
            <= {{ threshold('recruitment_boundary_days') }}
    left join mixed_years
        on
            at_end.basis = mixed_years.basis
            and year(at_end.period_start) = mixed_years.mixed_year
    where
        periods.period_start <> date_trunc('year', periods.period_start)
        and mixed_years.basis is null

),

final as (

    select * from stated
    union all
    select * from from_year_start
    union all
    select * from differences

)

select * from final
