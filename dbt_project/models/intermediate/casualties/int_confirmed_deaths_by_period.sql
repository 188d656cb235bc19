-- Confirmed deaths of every period as of the current vintage, under two names: reported_deaths is what is confirmed so
-- far, confirmed_deaths is null where the vintage does not cover the period to its end.

with

periods as (

    select * from {{ ref('int_loss_periods') }}

),

confirmed_deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

counted as (

    select
        periods.grain,
        periods.period,
        sum(confirmed_deaths.confirmed_deaths) as reported_deaths,
    from periods
    inner join confirmed_deaths
        on
            periods.as_of = confirmed_deaths.as_of
            and confirmed_deaths.death_date between periods.period_start and periods.period_end
    group by periods.grain, periods.period

),

final as (

    select
        periods.grain,
        periods.period,
        coalesce(counted.reported_deaths, 0) as reported_deaths,
        if(periods.is_covered, counted.reported_deaths, null) as confirmed_deaths,
    from periods
    left join counted
        on
            periods.grain = counted.grain
            and periods.period = counted.period

)

select * from final
