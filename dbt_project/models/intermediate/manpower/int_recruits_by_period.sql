-- Recruits of a quarter, half or year by what each speaker said: stated for exactly that period, else (from 1 January)
-- a year-to-date figure, else the difference of two year-to-date figures. Differences stay within one speaker, one
-- basis, one year and one kind of count.

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
            and abs(before_start.period_end - (periods.period_start - 1)) <= {{ threshold('recruitment_boundary_days') }}
    left join mixed_years
        on
            at_end.basis = mixed_years.basis
            and year(at_end.period_start) = mixed_years.mixed_year
    where
        periods.period_start <> date_trunc('year', periods.period_start)
        and mixed_years.basis is null

),

derived as (

    select * from stated
    union all
    select * from from_year_start
    union all
    select * from differences

),

-- Of one speaker the best derivation stands; equally good ones stay side by side.
chosen as (

    select *
    from derived
    qualify rank() over (
        partition by grain, period, basis, claimant
        order by preference, days_off
    ) = 1

),

-- A statement that misses the boundary by some days counts as given and pro rata to the days of the period.
fitted as (

    select
        *,
        -- What a figure is compared by when speakers contradict each other.
        coalesce(figure, (recruits_low + recruits_high) / 2, recruits_low, recruits_high) as compared_by,
        if(days_off = 0, figure, null) as fitted_figure,
        least(recruits_low, round(recruits_low * days / days_stated)) as fitted_low,
        greatest(recruits_high, round(recruits_high * days / days_stated)) as fitted_high,
        claimant || ': ' || derivation || if(
            days_off = 0,
            '',
            printf(', as given and pro rata to %d days (boundaries %d days off)', days, days_off)
        ) as fitted_derivation,
    from chosen

),

final as (

    select
        grain,
        period,
        basis,
        string_agg(distinct claimant, '; ' order by claimant) as claimant,
        string_agg(distinct kind, '; ' order by kind) as kinds,
        count(*) as statements,
        -- One open end leaves the range open on that side.
        if(count(fitted_low) = count(*), min(fitted_low), null) as recruits_low,
        if(count(fitted_figure) = count(*) and count(distinct fitted_figure) = 1, min(fitted_figure), null) as recruits,
        if(count(fitted_high) = count(*), max(fitted_high), null) as recruits_high,
        max(compared_by) / nullif(min(compared_by), 0) as contradiction_ratio,
        string_agg(distinct fitted_derivation, '; ' order by fitted_derivation) as derivation,
        array_to_string(list_sort(list_distinct(flatten(list(source_urls)))), ' ') as source_urls,
    from fitted
    group by all

)

select * from final
