-- Waves and lulls of weekly deaths by year of the ISO calendar, at every vintage. Weeks that begin before the war or
-- were younger than 91 days at the vintage are left out: their quiet is delay.

with

weeks as (

    select
        *,
        isoyear(week_start) as death_year,
    from {{ ref('int_confirmed_deaths_by_week') }}
    where
        week_start >= date '{{ threshold("war_start") }}'
        and age_days >= {{ threshold('expected_min_age_days') }}

),

expected_deaths as (

    select * from {{ ref('int_expected_deaths') }} where horizon_days = {{ threshold('expected_horizon_days') }}

),

levels as (

    select
        weeks.as_of,
        weeks.death_year,
        weeks.week_start,
        weeks.age_days,
        weeks.confirmed_deaths,
        expected_deaths.expected_deaths,
        avg(weeks.confirmed_deaths) over by_year as mean_deaths,
        weeks.confirmed_deaths < {{ threshold('wave_lull_share') }} * mean_deaths as is_low,
        weeks.confirmed_deaths > {{ threshold('wave_peak_share') }} * mean_deaths as is_high,
        avg(weeks.confirmed_deaths) over window_before as window_mean,
        count(*) over window_before as window_weeks,
        avg(expected_deaths.expected_deaths) over window_before as window_mean_expected,
        row_number() over in_order as week_number,
    from weeks
    left join expected_deaths
        on
            weeks.as_of = expected_deaths.fit_as_of
            and weeks.week_start = expected_deaths.week_start
    window
        by_year as (partition by weeks.as_of, weeks.death_year),
        in_order as (partition by weeks.as_of, weeks.death_year order by weeks.week_start),
        window_before as (
            partition by weeks.as_of, weeks.death_year
            order by weeks.week_start
            rows between {{ threshold('wave_weeks_before') }} preceding and current row
        )

),

-- Weeks of one kind in a row share the difference between their number in the year and their number among their kind.
numbered as (

    select
        *,
        week_number - row_number() over (
            partition by as_of, death_year, is_low, is_high
            order by week_start
        ) as run,
    from levels

),

runs as (

    select
        as_of,
        death_year,
        is_low,
        is_high,
        count(*) as run_weeks,
        min(week_start) as run_start,
    from numbered
    group by as_of, death_year, is_low, is_high, run

),

runs_by_year as (

    select
        as_of,
        death_year,
        max(run_weeks) filter (is_low) as longest_lull_weeks,
        -- Of several as long, the first.
        min_by(run_start, row(-run_weeks, run_start)) filter (is_low) as longest_lull_start,
        count(*) filter (is_high and run_weeks >= {{ threshold('wave_peak_min_weeks') }}) as peaks,
    from runs
    group by as_of, death_year

),

final as (

    select
        levels.as_of,
        cast(levels.death_year as integer) as death_year,
        cast(count(*) as integer) as weeks,
        min(levels.week_start) as first_week_start,
        max(levels.week_start) as last_week_start,
        max(levels.week_start) + 7 > make_date(levels.death_year, 12, 28) as is_whole_year,
        cast(min(levels.age_days) as integer) as youngest_age_days,
        round(avg(levels.confirmed_deaths), 1) as mean_confirmed_deaths,
        round(stddev_pop(levels.confirmed_deaths) / nullif(avg(levels.confirmed_deaths), 0), 4) as variation,
        -- Of a few weeks the lowest eight are nearly all there are.
        -- Rounded, as sums of fractions differ in their last digit with the order in which they are added.
        round(if(
            count(*) < {{ threshold('wave_min_weeks') }},
            null,
            min(levels.window_mean) filter (levels.window_weeks = {{ threshold('wave_weeks_before') }} + 1)
            / nullif(avg(levels.confirmed_deaths), 0)
        ), 4) as lowest_8_weeks_over_mean,
        cast(coalesce(any_value(runs_by_year.longest_lull_weeks), 0) as integer) as longest_lull_weeks,
        any_value(runs_by_year.longest_lull_start) as longest_lull_start,
        cast(any_value(runs_by_year.peaks) as integer) as peaks,
        round(stddev_pop(levels.expected_deaths) / nullif(avg(levels.expected_deaths), 0), 4) as expected_variation,
        round(if(
            count(*) < {{ threshold('wave_min_weeks') }},
            null,
            min(levels.window_mean_expected) filter (levels.window_weeks = {{ threshold('wave_weeks_before') }} + 1)
            / nullif(avg(levels.expected_deaths), 0)
        ), 4) as expected_lowest_8_weeks_over_mean,
    from levels
    inner join runs_by_year
        on
            levels.as_of = runs_by_year.as_of
            and levels.death_year = runs_by_year.death_year
    group by levels.as_of, levels.death_year

)

select * from final
