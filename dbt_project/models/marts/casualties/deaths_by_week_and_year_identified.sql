-- How late names become known: the same deaths as in deaths_by_branch, by the year in which they were identified.

with

deaths as (

    select * from {{ ref('stg_mediazona__deaths_by_year_identified') }}

),

final as (

    select
        as_of,
        week_start,
        year_identified,
        confirmed_deaths,
        confirmed_deaths / nullif(sum(confirmed_deaths) over (partition by as_of, week_start), 0) as share,
    from deaths

)

select * from final
