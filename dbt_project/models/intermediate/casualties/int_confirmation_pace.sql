-- How fast names are still added to weeks of an age, as it could be known on each vintage's day: names added a day and
-- name already counted, over all weeks and all steps between vintages of the last half-year. A fit sees vintages up to
-- its own only; the same rows serve today's figures and their track record.

with

vintages as (

    select * from {{ ref('int_vintages') }}

),

weeks as (

    select * from {{ ref('int_confirmed_deaths_by_week') }}

),

method_breaks as (

    select break_date from {{ ref('method_breaks_curated') }} where source = 'confirmed_deaths'

),

bounds as (

    select unnest({{ threshold('confirmation_age_bounds') }}) as band_from

),

bands as (

    select
        band_from,
        lead(band_from) over (order by band_from) as band_to,
    from bounds

),

fits as (

    select
        fit.as_of as fit_as_of,
        min(seen.as_of) as window_from,
    from vintages as fit
    inner join vintages as seen
        on seen.as_of between fit.as_of - {{ threshold('confirmation_window_days') }} and fit.as_of
    where
        not exists (
            select 1 from method_breaks
            where method_breaks.break_date > seen.as_of and method_breaks.break_date <= fit.as_of
        )
    group by fit.as_of
    having max(seen.as_of) - min(seen.as_of) >= {{ threshold('confirmation_min_span_days') }}

),

-- A week between two vintages that both cover it whole. Its age is that at the middle of the step.
week_steps as (

    select
        later.as_of,
        vintages.previous_as_of,
        later.as_of - vintages.previous_as_of as step_days,
        later.age_days - step_days / 2 as age_days,
        later.confirmed_deaths - earlier.confirmed_deaths as names_added,
        (later.confirmed_deaths + earlier.confirmed_deaths) / 2 as mean_deaths,
    from weeks as later
    inner join vintages on later.as_of = vintages.as_of
    inner join weeks as earlier
        on
            vintages.previous_as_of = earlier.as_of
            and later.week_start = earlier.week_start

),

-- Added up before the fits are joined: every fit of half a year shares the steps, and weeks times steps times fits
-- would grow with the square of the vintages.
steps_by_band as (

    select
        week_steps.as_of,
        week_steps.previous_as_of,
        bands.band_from,
        count(*) as week_steps,
        sum(week_steps.names_added) as names_added,
        sum(week_steps.mean_deaths * week_steps.step_days) as name_days,
    from week_steps
    inner join bands
        on
            week_steps.age_days >= bands.band_from
            and week_steps.age_days < coalesce(bands.band_to, 1e9)
    group by week_steps.as_of, week_steps.previous_as_of, bands.band_from

),

fits_by_band as (

    select
        fits.fit_as_of,
        steps_by_band.band_from,
        sum(steps_by_band.week_steps) as week_steps,
        sum(steps_by_band.names_added) as names_added,
        sum(steps_by_band.name_days) as name_days,
    from fits
    inner join steps_by_band
        on
            fits.window_from <= steps_by_band.previous_as_of
            and fits.fit_as_of >= steps_by_band.as_of
    group by fits.fit_as_of, steps_by_band.band_from

),

-- More names moved away from weeks of an age than were added to them counts as standstill.
paces as (

    select
        fits.fit_as_of,
        bands.band_from,
        bands.band_to,
        cast(coalesce(fits_by_band.week_steps, 0) as bigint) as week_steps,
        coalesce(fits_by_band.names_added, 0) as names_added,
        coalesce(fits_by_band.name_days, 0) as name_days,
        -- Not greatest(), which passes over nulls: an empty band would stand still rather than inherit.
        case
            when fits_by_band.name_days > 0 and fits_by_band.names_added < 0 then 0
            when fits_by_band.name_days > 0 then fits_by_band.names_added / fits_by_band.name_days
        end as own_pace,
    from fits
    cross join bands
    left join fits_by_band
        on
            fits.fit_as_of = fits_by_band.fit_as_of
            and bands.band_from = fits_by_band.band_from

),

-- The oldest bands are empty as long as the war is younger than they are, and inherit the pace of the next younger one.
-- The youngest are empty when nobody died for that long, and inherit that of the next older one.
final as (

    select
        fit_as_of,
        band_from,
        band_to,
        week_steps,
        names_added,
        name_days,
        name_days = 0 as is_inherited,
        coalesce(
            last_value(own_pace ignore nulls) over (
                partition by fit_as_of
                order by band_from
                rows between unbounded preceding and current row
            ),
            first_value(own_pace ignore nulls) over (
                partition by fit_as_of
                order by band_from
                rows between current row and unbounded following
            )
        ) as pace,
    from paces

)

select * from final
