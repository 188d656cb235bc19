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
        date '{{ threshold("war_start") }}',
        (select max(vintages.data_through) from vintages),
        interval 1 day
    )) as date) as death_date

),

-- A day's count from each of its changes on. Summed over every vintage before uncovered days are dropped: a day can be
-- withdrawn and come back.
levels as (

    select
        death_date,
        as_of,
        sum(confirmed_deaths_change) over (
            partition by death_date
            order by as_of
        ) as confirmed_deaths,
    from changes

),

covered_days as (

    select
        vintages.as_of,
        days.death_date,
    from vintages
    inner join days on vintages.data_through >= days.death_date

),

final as (

    select
        covered_days.as_of,
        covered_days.death_date,
        cast(coalesce(levels.confirmed_deaths, 0) as integer) as confirmed_deaths,
    from covered_days
    -- The newest level as of the vintage. A running sum over all days of all vintages takes thirty times as long.
    asof left join levels
        on
            covered_days.death_date = levels.death_date
            and covered_days.as_of >= levels.as_of

)

select * from final
