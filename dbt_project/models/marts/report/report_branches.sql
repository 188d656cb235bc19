-- Weeks run from Thursday; a week counts to the quarter of its first day.

with

deaths as (

    select * from {{ ref('deaths_by_branch') }}

),

-- The groups that the composition turns on stand apart, all others together.
grouped as (

    select
        as_of,
        cast(date_trunc('quarter', week_start) as date) as period_start,
        case
            when branch_group in ('volunteers', 'mobilised', 'prisoners and private companies', 'no data')
                then branch_group
            else 'other branches'
        end as branch_group,
        sum(confirmed_deaths) as confirmed_deaths,
    from deaths
    where
        confirmed_deaths > 0
        and as_of = (select max(newest.as_of) from deaths as newest)
    group by all

),

final as (

    select
        strftime(period_start, '%Y-Q') || quarter(period_start) as period,
        period_start,
        cast(period_start + interval 3 month - interval 1 day as date) as period_end,
        as_of,
        branch_group,
        cast(confirmed_deaths as integer) as confirmed_deaths,
        round(cast(confirmed_deaths / sum(confirmed_deaths) over (partition by period_start) as double), 4) as share,
    from grouped

)

select * from final
