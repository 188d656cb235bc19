-- Of a release that is split by year of identification, the years of each week add up to its deaths over all branches.

with

by_year as (

    select
        as_of,
        week_start,
        sum(confirmed_deaths) as identified_deaths,
    from {{ ref('deaths_by_week_and_year_identified') }}
    group by all

),

by_branch as (

    select
        as_of,
        week_start,
        sum(confirmed_deaths) as branch_deaths,
    from {{ ref('deaths_by_branch') }}
    group by all

),

split_releases as (

    select distinct as_of
    from by_year

),

compared as (

    select
        coalesce(by_branch.as_of, by_year.as_of) as as_of,
        coalesce(by_branch.week_start, by_year.week_start) as week_start,
        by_year.identified_deaths,
        by_branch.branch_deaths,
    from by_branch
    full join by_year on by_branch.as_of = by_year.as_of and by_branch.week_start = by_year.week_start

)

select compared.*
from compared
inner join split_releases on compared.as_of = split_releases.as_of
where compared.identified_deaths is distinct from compared.branch_deaths
