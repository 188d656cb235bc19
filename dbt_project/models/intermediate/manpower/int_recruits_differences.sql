-- Recruits of a quarter, half or year as one statement less another of the same speaker, basis and kind of count:
-- two running counts of one year, or a whole and its part on one page. Two pages may be two editions of a figure, so
-- only a running count, which grows from speech to speech, is subtracted across them.

with

periods as (

    select *, period_end - period_start + 1 as days
    from {{ ref('int_periods') }}
    where grain in ('quarter', 'half', 'year')

),

statements as (

    select * from {{ ref('int_recruitment_statements') }} where not_counted_because is null

),

-- Where contracts alone and contracts with volunteers both run through a year, speakers slid from one count to the
-- other (2023): what lies between two such statements is not recruitment.
mixed_years as (

    select
        basis,
        year(period_start) as mixed_year,
    from statements
    where
        is_ytd
        and kind in ('contracts', 'contracts and volunteers')
    group by all
    having count(distinct kind) > 1

),

running as (

    select
        whole,
        part,
        true as is_running,
        part.period_end + 1 as rest_start,
        whole.period_end as rest_end,
    from statements as whole
    inner join statements as part
        on
            whole.basis = part.basis
            and whole.claimant = part.claimant
            and whole.kind = part.kind
            and whole.period_start = part.period_start
            and whole.period_end > part.period_end
    where
        whole.is_ytd
        and year(whole.period_end) = year(whole.period_start)

),

on_one_page as (

    select
        whole,
        part,
        false as is_running,
        if(whole.period_start = part.period_start, part.period_end + 1, whole.period_start) as rest_start,
        if(whole.period_start = part.period_start, whole.period_end, part.period_start - 1) as rest_end,
    from statements as whole
    inner join statements as part
        on
            whole.basis = part.basis
            and whole.claimant = part.claimant
            and whole.kind = part.kind
            and whole.source_url = part.source_url
            and (
                (whole.period_start = part.period_start and whole.period_end > part.period_end)
                or (whole.period_end = part.period_end and whole.period_start < part.period_start)
            )
    where not (
        whole.is_ytd
        and whole.period_start = part.period_start
        and year(whole.period_end) = year(whole.period_start)
    )

),

pairs as (

    select * from running
    union all
    select * from on_one_page

),

differences as (

    select
        periods.grain,
        periods.period,
        periods.days,
        pairs.*,
        abs(pairs.rest_end - periods.period_end) + abs(pairs.rest_start - periods.period_start) as days_off,
    from pairs
    inner join periods
        on
            abs(pairs.rest_end - periods.period_end)
            <= if(pairs.is_running, {{ threshold('recruitment_boundary_days') }}, 0)
            and abs(pairs.rest_start - periods.period_start)
            <= if(pairs.is_running, {{ threshold('recruitment_boundary_days') }}, 0)
    -- A count that runs from the period's own start needs nothing subtracted.
    where not pairs.is_running or periods.period_start > pairs.whole.period_start

),

final as (

    select
        differences.grain,
        differences.period,
        differences.days,
        differences.whole.basis,
        differences.whole.claimant,
        differences.whole.kind,
        'difference' as derived_by,
        differences.whole.figure - differences.part.figure as figure,
        -- Nobody is recruited backwards: a lower end under zero says no more than zero.
        if(
            differences.whole.recruits_low < differences.part.recruits_high,
            0,
            differences.whole.recruits_low - differences.part.recruits_high
        ) as recruits_low,
        differences.whole.recruits_high - differences.part.recruits_low as recruits_high,
        differences.days_off,
        differences.rest_end - differences.rest_start + 1 as days_stated,
        [differences.whole.statement_id, differences.part.statement_id] as statement_ids,
        list_distinct([differences.whole.source_url, differences.part.source_url]) as source_urls,
        case
            when mixed_years.basis is not null then 'counts of two kinds run through the year'
            when
                differences.whole.recruits_high < differences.part.recruits_low
                or differences.whole.figure < differences.part.figure
                then 'the part exceeds the whole'
        end as withheld_because,
    from differences
    left join mixed_years
        on
            differences.whole.basis = mixed_years.basis
            and year(differences.whole.period_start) = mixed_years.mixed_year

)

select * from final
