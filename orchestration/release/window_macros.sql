-- Table macros of the published file that answer for any stretch of time: what was lost in a window, and what became
-- known between two days. A measure of a window is that of the days its source covers, which stand beside it. No catalog
-- is named, so they work in any file name.

create macro losses_between(date_from, date_to) as table (
    with

    asked as (

        select
            cast(date_from as date) as window_start,
            cast(date_to as date) as window_end,
            (select min(d.death_date) from deaths_by_day as d) as war_start,
        where cast(date_from as date) <= cast(date_to as date)

    ),

    confirmed as (

        select
            cast(sum(deaths.confirmed_deaths) as integer) as confirmed_deaths,
            cast(count(deaths.death_date) as integer) as confirmed_covered_days,
        from asked
        left join deaths_by_day as deaths on deaths.death_date between asked.window_start and asked.window_end

    ),

    -- The first week is that in which the war began: its figures are of the days since then.
    probate_weeks as (

        select
            estimates.*,
            estimates.week_start + 7 - greatest(estimates.week_start, asked.war_start) as week_days,
            least(estimates.week_start + 6, asked.window_end)
            - greatest(estimates.week_start, asked.war_start, asked.window_start) + 1 as covered_days,
        from asked
        cross join probate_estimate_by_week as estimates
        where estimates.as_of = (select max(newest.as_of) from probate_estimate_by_week as newest)

    ),

    probate as (

        select
            round(sum(probate_estimate * covered_days / week_days), 1) as probate_estimate,
            round(sum(documented_deaths * covered_days / week_days), 1) as documented_deaths,
            cast(coalesce(sum(covered_days), 0) as integer) as probate_covered_days,
            cast(coalesce(sum(covered_days) filter (is_forecast), 0) as integer) as probate_forecast_days,
        from probate_weeks
        where covered_days > 0

    ),

    -- The series starts at zero with the war.
    claim_levels as (

        select covered_date, claimed_casualties_cum from claimed_casualties_by_day

        union all

        select asked.war_start - 1 as covered_date, 0 as claimed_casualties_cum from asked

    ),

    claims as (

        select
            max(levels.covered_date) - min(levels.covered_date) as days,
            max_by(levels.claimed_casualties_cum, levels.covered_date)
            - min_by(levels.claimed_casualties_cum, levels.covered_date) as claimed_casualties,
        from asked
        inner join claim_levels as levels
            on levels.covered_date between asked.window_start - 1 and asked.window_end

    ),

    -- Of each series of areas the last level before the window, or else the first in it, and the last level in it.
    area_ends as (

        select
            area.series,
            any_value(asked.window_start) as window_start,
            coalesce(
                max(area.area_date) filter (area.area_date < asked.window_start),
                min(area.area_date) filter (area.area_date >= asked.window_start)
            ) as area_from,
            max(area.area_date) filter (area.area_date >= asked.window_start) as area_to,
        from asked
        inner join occupied_area_by_day as area on area.area_date <= asked.window_end
        group by area.series
        having area_to > area_from

    ),

    area_parts as (

        select
            ends.series,
            ends.area_from,
            ends.area_to,
            ends.area_to - greatest(ends.area_from, ends.window_start - 1) as covered_days,
            max(area.occupied_km2) filter (area.area_date = ends.area_to)
            - max(area.occupied_km2) filter (area.area_date = ends.area_from) as net_km2,
            -- Sums that would leave out a difference nobody measured are null.
            if(
                count(area.gained_km2) filter (area.area_date > ends.area_from)
                = count(*) filter (area.area_date > ends.area_from),
                sum(area.gained_km2) filter (area.area_date > ends.area_from),
                null
            ) as gained_km2,
            if(
                count(area.lost_km2) filter (area.area_date > ends.area_from)
                = count(*) filter (area.area_date > ends.area_from),
                sum(area.lost_km2) filter (area.area_date > ends.area_from),
                null
            ) as lost_km2,
            string_agg(distinct area.flag_reason, '; ') as flag_reasons,
        from area_ends as ends
        inner join occupied_area_by_day as area
            on
                ends.series = area.series
                and area.area_date between ends.area_from and ends.area_to
        group by all

    ),

    areas as (

        select
            min(area_from) as area_from,
            max(area_to) as area_to,
            (
                select max(readings.area_date)
                from occupied_area_by_day as readings
                where readings.series in (select used.series from area_parts as used)
            ) as area_as_of,
            cast(coalesce(sum(covered_days), 0) as integer) as area_covered_days,
            if(count(gained_km2) = count(*), sum(gained_km2), null) as gained_km2,
            if(count(lost_km2) = count(*), sum(lost_km2), null) as lost_km2,
            sum(net_km2) as net_km2,
            string_agg(flag_reasons, '; ' order by flag_reasons) as area_flagged_because,
        from area_parts

    )

    select
        asked.window_start,
        asked.window_end,
        cast(
            greatest(asked.window_end - greatest(asked.window_start, asked.war_start) + 1, 0) as integer
        ) as period_days,
        confirmed.confirmed_deaths,
        confirmed.confirmed_covered_days,
        (select max(d.as_of) from deaths_by_day as d) as as_of,
        probate.probate_estimate,
        probate.documented_deaths,
        probate.probate_covered_days,
        probate.probate_forecast_days,
        (select max(p.as_of) from probate_estimate_by_week as p) as probate_as_of,
        if(coalesce(claims.days, 0) > 0, cast(claims.claimed_casualties as integer), null) as claimed_casualties,
        cast(coalesce(claims.days, 0) as integer) as claims_covered_days,
        (select max(c.report_date) from claimed_casualties_by_day as c) as claims_as_of,
        if(areas.area_flagged_because is null, areas.gained_km2, null) as gained_km2,
        if(areas.area_flagged_because is null, areas.lost_km2, null) as lost_km2,
        if(areas.area_flagged_because is null, areas.net_km2, null) as net_km2,
        areas.area_from,
        areas.area_to,
        areas.area_covered_days,
        areas.area_as_of,
        areas.area_flagged_because,
    from asked
    cross join confirmed
    cross join probate
    cross join claims
    cross join areas
);

create macro revisions_between(as_of_1, as_of_2) as table (
    with

    before as (

        select * from deaths_by_day_as_of(as_of_1)

    ),

    after as (

        select * from deaths_by_day_as_of(as_of_2)

    ),

    -- A date before the first vintage has none, and nothing to compare.
    vintages_compared as (

        select
            (select any_value(b.as_of) from before as b) as as_of_before,
            (select any_value(a.as_of) from after as a) as as_of_after,

    ),

    changes as (

        select
            coalesce(before.death_date, after.death_date) as death_date,
            before.confirmed_deaths as confirmed_deaths_before,
            after.confirmed_deaths as confirmed_deaths_after,
            coalesce(after.confirmed_deaths, 0) - coalesce(before.confirmed_deaths, 0) as confirmed_deaths_change,
        from before
        full join after on before.death_date = after.death_date

    )

    select
        changes.death_date,
        compared.as_of_before,
        compared.as_of_after,
        changes.confirmed_deaths_before,
        changes.confirmed_deaths_after,
        changes.confirmed_deaths_change,
    from changes
    cross join vintages_compared as compared
    where
        changes.confirmed_deaths_change <> 0
        and compared.as_of_before is not null
        and compared.as_of_after is not null
    order by changes.death_date
);
