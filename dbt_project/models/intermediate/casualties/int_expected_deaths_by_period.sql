-- Expected deaths of a period by the fit of the current vintage, and their variance. Every day grows as its week does,
-- so that weeks, months and years tell the same story. A period has an expected figure once all its weeks have one,
-- the week of its last day included; others have no row.

with

periods as (

    select * from {{ ref('int_loss_periods') }}

),

confirmed_deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

current_vintage as (

    select * from {{ ref('int_vintages') }} where is_current

),

expected_deaths as (

    select fits.*
    from {{ ref('int_expected_deaths') }} as fits
    inner join current_vintage on fits.fit_as_of = current_vintage.as_of
    where fits.horizon_days = {{ threshold('expected_horizon_days') }}

),

final as (

    select
        periods.grain,
        periods.period,
        sum(confirmed_deaths.confirmed_deaths * expected_deaths.growth_factor) as expected_deaths,
        sum(
            confirmed_deaths.confirmed_deaths * expected_deaths.growth_factor * (expected_deaths.growth_factor - 1)
        ) as variance,
    from periods
    inner join confirmed_deaths
        on
            periods.as_of = confirmed_deaths.as_of
            and confirmed_deaths.death_date between periods.period_start and periods.period_end
    left join expected_deaths
        on date_trunc('week', confirmed_deaths.death_date) = expected_deaths.week_start
    where periods.period_end <= (select max(newest.week_end) from expected_deaths as newest)
    group by periods.grain, periods.period
    having count(*) = count(expected_deaths.growth_factor)

)

select * from final
