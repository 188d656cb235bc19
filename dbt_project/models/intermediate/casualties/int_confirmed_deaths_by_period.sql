-- Confirmed deaths of every period as of the current vintage: of the days that it covers, of which a vintage has all in
-- a row. Null where it covers none.

with

periods as (

    select * from {{ ref('int_loss_periods') }}

),

confirmed_deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

final as (

    select
        periods.grain,
        periods.period,
        sum(confirmed_deaths.confirmed_deaths) as confirmed_deaths,
        count(confirmed_deaths.death_date) as confirmed_covered_days,
    from periods
    left join confirmed_deaths
        on
            periods.as_of = confirmed_deaths.as_of
            and confirmed_deaths.death_date between periods.period_start and periods.period_end
    group by periods.grain, periods.period

)

select * from final
