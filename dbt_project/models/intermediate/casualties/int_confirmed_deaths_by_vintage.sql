-- Every vintage laid out whole: all days it covers, days without a death as zeros. A day that a vintage no longer
-- covers has no row there, so counts that were withdrawn do not survive.

with

changes as (

    select * from {{ ref('stg_confirmed_deaths__changes') }}

),

vintages as (

    select * from {{ ref('stg_confirmed_deaths__vintages') }}

),

days as (

    select cast(unnest(generate_series(
        date '{{ var("war_start") }}',
        (select max(vintages.data_through) from vintages),
        interval 1 day
    )) as date) as death_date

),

-- Summed over every vintage before uncovered days are dropped: a day can be withdrawn and come back.
counts as (

    select
        vintages.as_of,
        vintages.data_through,
        days.death_date,
        cast(sum(coalesce(changes.confirmed_deaths_change, 0)) over (
            partition by days.death_date
            order by vintages.as_of
        ) as integer) as confirmed_deaths,
    from vintages
    cross join days
    left join changes
        on
            vintages.as_of = changes.as_of
            and days.death_date = changes.death_date

),

final as (

    select
        as_of,
        death_date,
        confirmed_deaths,
    from counts
    where death_date <= data_through

)

select * from final
