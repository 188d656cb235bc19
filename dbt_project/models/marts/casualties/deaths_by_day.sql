with

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

current_vintage as (

    select as_of from {{ ref('int_vintages') }} where is_current

),

final as (

    select
        deaths.death_date,
        deaths.as_of,
        deaths.confirmed_deaths,
        cast(sum(deaths.confirmed_deaths) over (order by deaths.death_date) as integer) as confirmed_deaths_cum,
        cast(rank() over (
            partition by year(deaths.death_date)
            order by deaths.confirmed_deaths desc
        ) as integer) as rank_in_year,
    from deaths
    inner join current_vintage on deaths.as_of = current_vintage.as_of

)

select * from final
