-- Every week as every vintage knew it.

with

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

weeks as (

    select
        as_of,
        cast(date_trunc('week', death_date) as date) as week_start,
        count(*) < 7 as is_partial_week,
        cast(sum(confirmed_deaths) as integer) as confirmed_deaths,
    from deaths
    group by as_of, date_trunc('week', death_date)

),

final as (

    select
        as_of,
        week_start,
        {{ iso_week('week_start') }} as iso_week,
        is_partial_week,
        cast(as_of - (week_start + 6) as integer) as age_days,
        confirmed_deaths,
    from weeks

)

select * from final
