-- The published history gives back every vintage, day by day, and nothing else.

with

counts as (

    select as_of, death_date, confirmed_deaths from {{ ref('int_confirmed_deaths_by_vintage') }}

),

vintages as (

    select as_of from {{ ref('vintages') }}

),

history as (

    select * from {{ ref('confirmed_deaths_history') }}

),

rebuilt as (

    select
        vintages.as_of,
        history.death_date,
        history.confirmed_deaths,
    from vintages
    inner join history
        on
            vintages.as_of >= history.known_from
            and (history.known_to is null or vintages.as_of < history.known_to)

),

missing as (

    select * from counts
    except
    select * from rebuilt

),

invented as (

    select * from rebuilt
    except
    select * from counts

)

select 'missing' as problem, * from missing
union all
select 'invented' as problem, * from invented
