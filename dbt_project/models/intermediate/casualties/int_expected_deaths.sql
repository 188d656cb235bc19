-- What each vintage, on its own day, let one expect the list to show for each week a while later: the count times the
-- growth at the pace of each age the week will pass through. Young weeks have no row: too few of their names are known.

with

weeks as (

    select * from {{ ref('int_confirmed_deaths_by_week') }}

),

paces as (

    select * from {{ ref('int_confirmation_pace') }}

),

vintages as (

    select * from {{ ref('int_vintage_steps') }}

),

method_breaks as (

    select break_date from {{ ref('method_breaks_curated') }} where source = 'confirmed_deaths'

),

horizons as (

    select unnest({{ threshold('expected_horizons_days') }}) as horizon_days

),

-- Days of [age, age + horizon) within each band, times the band's pace.
growth as (

    select
        weeks.as_of as fit_as_of,
        weeks.week_start,
        weeks.week_end,
        weeks.age_days,
        horizons.horizon_days,
        weeks.confirmed_deaths as reported_deaths,
        exp(sum(
            paces.pace * (
                least(weeks.age_days + horizons.horizon_days, coalesce(paces.band_to, 1e9))
                - greatest(weeks.age_days, paces.band_from)
            )
        )) as growth_factor,
    from weeks
    cross join horizons
    -- The bands that the week passes through within the horizon: few of all.
    inner join paces
        on
            weeks.as_of = paces.fit_as_of
            and weeks.age_days + horizons.horizon_days > paces.band_from
            and weeks.age_days < coalesce(paces.band_to, 1e9)
    where weeks.age_days >= {{ threshold('expected_min_age_days') }}
    group by all

),

expected as (

    select
        *,
        reported_deaths * growth_factor as expected_deaths,
        expected_deaths * (growth_factor - 1) as variance,
    from growth

),

-- A method that changes within the horizon was not in the pace: the figure stands as it was made and says so.
breaks_ahead as (

    select
        fits.fit_as_of,
        fits.horizon_days,
        min(method_breaks.break_date) as break_date,
    from (select distinct expected.fit_as_of, expected.horizon_days from expected) as fits
    inner join method_breaks
        on
            fits.fit_as_of < method_breaks.break_date
            and fits.fit_as_of + fits.horizon_days >= method_breaks.break_date
    group by fits.fit_as_of, fits.horizon_days

),

final as (

    select
        expected.fit_as_of,
        expected.week_start,
        expected.horizon_days,
        expected.week_end,
        expected.age_days,
        {{ confirmation_status('true', 'expected.age_days', 'vintages.is_frozen') }} as status,
        expected.reported_deaths,
        expected.growth_factor,
        expected.expected_deaths,
        {{ expected_low('expected.reported_deaths', 'expected.expected_deaths', 'expected.variance') }} as expected_low,
        {{ expected_high('expected.reported_deaths', 'expected.expected_deaths', 'expected.variance') }}
            as expected_high,
        breaks_ahead.break_date,
    from expected
    inner join vintages on expected.fit_as_of = vintages.as_of
    left join breaks_ahead
        on
            expected.fit_as_of = breaks_ahead.fit_as_of
            and expected.horizon_days = breaks_ahead.horizon_days

)

select * from final
