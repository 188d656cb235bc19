-- What was known of each year of the war when, whoever said it and on whatever grid: the newest reading of a year is
-- found here even where the daily list has ended.

with

list_readings as (

    select * from {{ ref('int_list_readings') }}

),

statements as (

    select * from {{ ref('deaths_published_curated') }}
    where measure = 'confirmed_named' and granularity in ('year', 'war_year')

),

newest_reading as (

    select max(as_of) as as_of from list_readings

),

ordinals as (

    select unnest(range(0, year(as_of) - year(date '{{ threshold("war_start") }}') + 1)) as ordinal
    from newest_reading

),

-- War year n begins on the (n - 1)th anniversary of the invasion.
years as (

    select
        'calendar' as year_kind,
        cast(year(date '{{ threshold("war_start") }}') + ordinal as integer) as death_year,
        make_date(death_year, 1, 1) as window_start,
        make_date(death_year, 12, 31) as window_end,
    from ordinals

    union all

    select
        'war' as year_kind,
        cast(ordinal + 1 as integer) as death_year,
        cast(date '{{ threshold("war_start") }}' + to_years(ordinal) as date) as window_start,
        cast(date '{{ threshold("war_start") }}' + to_years(ordinal + 1) - interval 1 day as date) as window_end,
    from ordinals

),

counted as (

    {{ list_readings_of('years', 'list_readings') }}

),

-- Where only the month of a statement is certain, it was known by the end of it.
dated as (

    select
        *,
        try_cast(published_on as date) as published_day,
        try_cast(coalesce(published_on, data_vintage) || '-01' as date) as published_month,
        coalesce(published_day, last_day(published_month)) as as_of,
    from statements

),

stated as (

    select
        if(granularity = 'war_year', 'war', 'calendar') as year_kind,
        cast(
            if(
                granularity = 'war_year',
                year(period_start) - year(date '{{ threshold("war_start") }}') + 1,
                year(period_start)
            ) as integer
        ) as death_year,
        as_of,
        'published' as reading,
        if(published_day is null, 'month', 'day') as as_of_precision,
        coalesce(low, central, high) as confirmed_deaths,
        low is null and high is null as is_exact,
        period_end as covered_through,
        date_basis,
        claimant as publisher,
        url as source_url,
    from dated
    where as_of is not null
    -- Reprints round: of one year stated twice on a day, the figure with more significant digits is kept.
    qualify row_number() over (
        partition by granularity, year(period_start), as_of
        order by is_exact desc, length(rtrim(coalesce(low, central, high)::varchar, '0')) desc, url
    ) = 1

),

known as (

    select
        year_kind,
        death_year,
        as_of,
        reading,
        'day' as as_of_precision,
        cast(round(confirmed_deaths) as integer) as confirmed_deaths,
        is_exact,
        -- A gap within the year is none of its end: then the reading does not answer for it at all.
        if(covered_days = covered_through - window_end + window_days, covered_through, null) as covered_through,
        'date of death' as date_basis,
        publisher,
        source_url,
    from counted

    union all by name

    select * from stated

),

final as (

    select
        known.year_kind,
        known.death_year,
        years.window_start as year_start,
        years.window_end as year_end,
        known.as_of,
        known.as_of_precision,
        known.reading,
        cast(known.confirmed_deaths as integer) as confirmed_deaths,
        known.is_exact,
        known.covered_through,
        known.covered_through >= years.window_end as is_whole_year,
        -- Of a year that no reading covers to its end, the one that goes furthest.
        row_number() over (
            partition by known.year_kind, known.death_year
            order by known.covered_through desc, known.as_of desc, known.is_exact desc, known.reading
        ) = 1 as is_newest,
        known.date_basis,
        known.publisher,
        known.source_url,
    from known
    inner join years
        on
            known.year_kind = years.year_kind
            and known.death_year = years.death_year
    where known.covered_through is not null

)

select * from final
