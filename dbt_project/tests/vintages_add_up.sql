-- Each vintage's total is the one before plus what was added, less what was removed; its laid-out days add up to it.

with

vintages as (

    select * from {{ ref('vintages') }}

),

counts as (

    select
        as_of,
        sum(confirmed_deaths) as laid_out_total,
    from {{ ref('int_confirmed_deaths_by_vintage') }}
    group by as_of

),

steps as (

    select
        vintages.as_of,
        vintages.dated_total,
        counts.laid_out_total,
        lag(vintages.dated_total) over (order by vintages.as_of) + vintages.added - vintages.removed as stepped_total,
    from vintages
    left join counts on vintages.as_of = counts.as_of

)

select * from steps
where
    dated_total is distinct from laid_out_total
    or (stepped_total is not null and dated_total <> stepped_total)
