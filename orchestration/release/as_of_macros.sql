-- Table macros of the published file: counts as known on a day. "As of d" is the newest whole vintage at or before d:
-- one vintage is resolved first, so counts that a later vintage took away do not survive, and a day before the first
-- vintage gives no rows. What is expected of a week is what that vintage let one expect. No catalog is named, so they
-- work in any file name.

create macro deaths_by_day_as_of(d) as table (
    with

    vintage as (

        select max(v.as_of) as vintage_as_of
        from vintages as v
        where v.as_of <= cast(d as date)

    )

    select
        history.death_date,
        vintage.vintage_as_of as as_of,
        history.confirmed_deaths,
        cast(sum(history.confirmed_deaths) over (order by history.death_date) as integer) as confirmed_deaths_cum,
        cast(rank() over (
            partition by year(history.death_date)
            order by history.confirmed_deaths desc
        ) as integer) as rank_in_year,
    from confirmed_deaths_history as history
    inner join vintage
        on
            history.known_from <= vintage.vintage_as_of
            and (history.known_to is null or history.known_to > vintage.vintage_as_of)
    order by history.death_date
);

create macro deaths_by_week_as_of(d) as table (
    with

    days as (

        select * from deaths_by_day_as_of(d)

    ),

    weeks as (

        select
            cast(date_trunc('week', days.death_date) as date) as week_start,
            any_value(days.as_of) as as_of,
            count(*) < 7 as is_partial_week,
            cast(sum(days.confirmed_deaths) as integer) as confirmed_deaths,
        from days
        group by date_trunc('week', days.death_date)

    )

    select
        weeks.week_start,
        weeks.week_start + 6 as week_end,
        strftime(weeks.week_start, '%G-W%V') as iso_week,
        weeks.is_partial_week,
        weeks.as_of,
        cast(weeks.as_of - (weeks.week_start + 6) as integer) as age_days,
        weeks.confirmed_deaths,
        cast(sum(weeks.confirmed_deaths) over (order by weeks.week_start) as integer) as confirmed_deaths_cum,
        expected.expected_deaths_6m,
        expected.expected_low,
        expected.expected_high,
        expected.completeness,
        coalesce(expected.status, 'reported_only') as status,
    from weeks
    left join expected_deaths_history as expected
        on
            weeks.as_of = expected.as_of
            and weeks.week_start = expected.week_start
    order by weeks.week_start
);
