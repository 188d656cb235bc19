-- Completeness as in deaths_by_month, for older vintages too: counted then over what the list is expected to show for
-- the month half a year from the newest vintage. Only whole months that were over at the vintage.

with

vintages as (

    select * from {{ ref('vintages') }}

),

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

months as (

    select * from {{ ref('deaths_by_month') }}

),

shown_vintages as (

    select max(as_of) as as_of
    from vintages
    group by date_trunc('quarter', as_of)
    qualify row_number() over (order by max(as_of) desc) <= {{ threshold('report_vintages_shown') }}

),

-- The month in which the war began is whole from its first day on.
shown_months as (

    select
        period,
        period_start,
        period_end,
        {{ unless_frozen('expected_deaths_6m') }} as expected_deaths_6m,
        later_as_of,
        is_overtaken,
    from months
    where not is_partial_period or period_start <= date '{{ threshold("war_start") }}'
    qualify row_number() over (order by period_start desc) <= {{ threshold('report_months_shown') }}

),

known as (

    select
        deaths.as_of,
        date_trunc('month', deaths.death_date) as period_start,
        sum(deaths.confirmed_deaths) as confirmed_deaths,
    from deaths
    inner join shown_vintages on deaths.as_of = shown_vintages.as_of
    group by deaths.as_of, date_trunc('month', deaths.death_date)

),

final as (

    select
        shown_months.period,
        shown_months.period_start,
        shown_months.period_end,
        known.as_of,
        cast(known.confirmed_deaths as integer) as confirmed_deaths,
        shown_months.expected_deaths_6m,
        round(known.confirmed_deaths / nullif(shown_months.expected_deaths_6m, 0), 4) as completeness,
        known.as_of - shown_months.period_end between {{ threshold('report_half_year_least_days') }}
        and {{ threshold('report_half_year_most_days') }} as is_half_a_year_old,
        shown_months.later_as_of,
        shown_months.is_overtaken,
    from shown_months
    inner join known
        on
            shown_months.period_start = known.period_start
            and shown_months.period_end < known.as_of

)

select * from final
