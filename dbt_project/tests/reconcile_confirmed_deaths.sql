-- The list's own authors place names without a day of death by funeral or registration date. So what they print for a
-- year lies above our count as known then, by no more than the names that had no date at the time.

with

published as (

    select
        period_start,
        period_end,
        central as published_deaths,
        -- A month as the vintage's date: the newest content known by the end of that month.
        last_day(strptime(data_vintage, '%Y-%m')::date) as known_by,
        url,
    from {{ ref('deaths_published_curated') }}
    where
        measure = 'confirmed_named'
        and granularity = 'year'
        and date_basis like 'date of death%'
        and low is null

),

vintages as (

    select * from {{ ref('int_vintages') }}

),

counts as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

published_with_vintage as (

    select
        published.*,
        vintages.as_of,
        vintages.undated_total,
    from published
    -- A list published after the newest vintage has nothing to be compared with.
    inner join vintages
        on
            published.known_by >= vintages.as_of
            and published.known_by < coalesce(vintages.next_as_of, vintages.last_seen + 1)

),

compared as (

    select
        published_with_vintage.period_start,
        published_with_vintage.period_end,
        published_with_vintage.as_of,
        published_with_vintage.published_deaths,
        published_with_vintage.undated_total,
        published_with_vintage.url,
        sum(counts.confirmed_deaths) as confirmed_deaths,
    from published_with_vintage
    inner join counts
        on
            published_with_vintage.as_of = counts.as_of
            and counts.death_date between published_with_vintage.period_start and published_with_vintage.period_end
    group by all

)

select * from compared
where published_deaths not between confirmed_deaths and confirmed_deaths + undated_total
