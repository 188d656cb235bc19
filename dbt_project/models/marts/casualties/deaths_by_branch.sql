with

deaths as (

    select * from {{ ref('stg_mediazona__deaths_by_branch') }}

),

branches as (

    select * from {{ ref('branches') }}

),

final as (

    select
        deaths.as_of,
        deaths.week_start,
        deaths.branch,
        branches.title as branch_title,
        branches.branch_group,
        deaths.confirmed_deaths,
        deaths.confirmed_deaths / nullif(deaths.week_total, 0) as share,
    from deaths
    left join branches on deaths.branch = branches.branch

)

select * from final
