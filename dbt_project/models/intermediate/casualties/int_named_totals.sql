-- How many names stood on the list in all: noted with a daily copy, stated in print, or the sum of a weekly export. One
-- series by date. Of several totals of one day an exact one goes before a bound or a round figure, one that was noted
-- with its dated part before a printed one, and that before a sum. What is exact is a whole count of the list itself: a
-- bound, a rounded figure and the entries of somebody's copy are not.

with

named_totals as (

    select * from {{ ref('named_totals') }}

),

estimates as (

    select * from {{ ref('estimates') }} where measure = 'confirmed_named'

),

estimate_methods as (

    select * from {{ ref('estimate_methods') }}

),

probate_estimates as (

    select * from {{ ref('stg_mediazona__probate_estimates') }}

),

list_readings as (

    select * from {{ ref('int_list_readings') }} where reading = 'weekly_export'

),

sources as (

    select * from {{ ref('stg_provenance__sources') }}

),

-- Names with a week of death; those without one are not in it.
weekly_exports as (

    select
        as_of,
        cast(sum(confirmed_deaths) as bigint) as dated_total,
        max(span_end) as deaths_through,
    from list_readings
    group by as_of

),

noted as (

    select
        as_of,
        'day' as as_of_precision,
        named_total,
        true as is_exact,
        dated_total,
        null::date as deaths_through,
        'confirmed_deaths' as source,
        null::varchar as publisher,
        null::date as published_on,
        null::varchar as source_url,
    from named_totals

),

stated as (

    select
        estimates.as_of_date as as_of,
        estimates.as_of_precision,
        coalesce(estimates.low, estimates.central, estimates.high) as named_total,
        -- Not so "over 95,000" and "almost 160,000", nor a count of no known day.
        estimates.low is null
        and estimates.high is null
        and estimate_methods.method_code = 'named_list'
        and estimates.as_of_precision <> 'not_stated' as is_exact,
        null::bigint as dated_total,
        null::date as deaths_through,
        'estimates' as source,
        estimates.claimant as publisher,
        try_cast(estimates.published_on as date) as published_on,
        estimates.url as source_url,
    from estimates
    inner join estimate_methods on estimates.method = estimate_methods.method
    where coalesce(estimates.low, estimates.central) is not null

),

-- The documented deaths beside the probate estimate are the whole list, names without a date spread over its weeks.
spread as (

    select
        probate_estimates.as_of,
        'day' as as_of_precision,
        cast(sum(probate_estimates.documented_deaths) as bigint) as named_total,
        true as is_exact,
        any_value(weekly_exports.dated_total) as dated_total,
        cast(max(probate_estimates.week_start) + 6 as date) as deaths_through,
        'probate_estimates' as source,
        null::varchar as publisher,
        null::date as published_on,
        null::varchar as source_url,
    from probate_estimates
    left join weekly_exports on probate_estimates.as_of = weekly_exports.as_of
    group by probate_estimates.as_of

),

counted as (

    select
        as_of,
        'day' as as_of_precision,
        dated_total as named_total,
        false as is_exact,
        dated_total,
        deaths_through,
        'deaths_by_branch' as source,
        null::varchar as publisher,
        null::date as published_on,
        null::varchar as source_url,
    from weekly_exports

),

totals as (

    select * from noted
    union all
    select * from stated
    union all
    select * from spread
    union all
    select * from counted

),

final as (

    select
        totals.as_of,
        totals.as_of_precision,
        totals.named_total,
        totals.is_exact,
        totals.dated_total,
        totals.deaths_through,
        totals.source,
        coalesce(totals.publisher, sources.publisher) as publisher,
        totals.published_on,
        coalesce(totals.source_url, sources.url) as source_url,
    from totals
    left join sources on totals.source = sources.source
    qualify row_number() over (
        partition by totals.as_of
        order by
            totals.is_exact desc,
            totals.as_of_precision,
            list_position(['confirmed_deaths', 'estimates', 'probate_estimates', 'deaths_by_branch'], totals.source),
            length(rtrim(totals.named_total::varchar, '0')) desc,
            totals.named_total desc,
            totals.source_url
    ) = 1

)

select * from final
