-- Every vintage by ISO week. Weeks that a vintage covers only in part have no row: the first week of the war, which
-- began on a Thursday, is whole for all purposes here.

with

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

vintages as (

    select * from {{ ref('int_vintages') }}

),

weeks as (

    select
        deaths.as_of,
        cast(date_trunc('week', deaths.death_date) as date) as week_start,
        cast(sum(deaths.confirmed_deaths) as integer) as confirmed_deaths,
    from deaths
    group by deaths.as_of, date_trunc('week', deaths.death_date)

),

final as (

    select
        weeks.as_of,
        weeks.week_start,
        cast(weeks.week_start + 6 as date) as week_end,
        cast(weeks.as_of - (weeks.week_start + 6) as integer) as age_days,
        weeks.confirmed_deaths,
    from weeks
    inner join vintages on weeks.as_of = vintages.as_of
    where weeks.week_start + 6 <= vintages.data_through

)

select * from final
