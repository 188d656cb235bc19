-- Quarters of an age to say something about, against the one before, at every vintage: as reported and as expected, and
-- what that reads as.

with

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

expected_deaths as (

    select * from {{ ref('int_expected_deaths') }} where horizon_days = {{ threshold('expected_horizon_days') }}

),

quarters as (

    select
        *,
        lag(period) over (order by period_start) as previous_period,
    from {{ ref('int_periods') }}
    where grain = 'quarter'

),

vintages as (

    select * from {{ ref('int_vintages') }}

),

counts as (

    select
        deaths.as_of,
        quarters.period,
        sum(deaths.confirmed_deaths) as confirmed_deaths,
        -- Null until every week of the quarter is old enough.
        if(
            count(*) = count(expected_deaths.growth_factor),
            sum(deaths.confirmed_deaths * expected_deaths.growth_factor),
            null
        ) as expected_deaths,
    from deaths
    inner join quarters on deaths.death_date between quarters.period_start and quarters.period_end
    left join expected_deaths
        on
            deaths.as_of = expected_deaths.fit_as_of
            and date_trunc('week', deaths.death_date) = expected_deaths.week_start
    group by deaths.as_of, quarters.period

),

pairs as (

    select
        vintages.as_of,
        quarters.period,
        quarters.period_start,
        quarters.period_end,
        cast(vintages.as_of - quarters.period_end as integer) as age_days,
        quarters.previous_period,
        this_quarter.confirmed_deaths,
        previous_quarter.confirmed_deaths as previous_confirmed_deaths,
        round(this_quarter.confirmed_deaths / nullif(previous_quarter.confirmed_deaths, 0) - 1, 4) as confirmed_change,
        this_quarter.expected_deaths,
        previous_quarter.expected_deaths as previous_expected_deaths,
        round(this_quarter.expected_deaths / nullif(previous_quarter.expected_deaths, 0) - 1, 4) as expected_change,
    from vintages
    inner join quarters
        on
            vintages.as_of - quarters.period_end
            between {{ threshold('expected_min_age_days') }} and {{ threshold('confirmation_days') }}
    inner join counts as this_quarter
        on
            vintages.as_of = this_quarter.as_of
            and quarters.period = this_quarter.period
    inner join counts as previous_quarter
        on
            vintages.as_of = previous_quarter.as_of
            and quarters.previous_period = previous_quarter.period

),

final as (

    select
        *,
        case
            when expected_change is null then 'unknown'
            when confirmed_change >= 0 then 'no fall reported'
            when expected_change >= 0 then 'the fall is delay'
            else 'a smaller fall is left'
        end as reading,
    from pairs

)

select * from final
