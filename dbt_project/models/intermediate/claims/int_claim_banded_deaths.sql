-- Confirmed deaths of a claim's period, and what the coverage band makes of them, by the vintage that stood on the day
-- of the named total: what one dated name stands for is the total over the names with a date.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'killed_per_km2'

),

totals as (

    select * from {{ ref('int_claim_totals') }}

),

vintages as (

    select * from {{ ref('int_vintages') }}

),

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

final as (

    select
        sides.claim_id,
        sides.side,
        sum(deaths.confirmed_deaths) as confirmed_deaths,
        sum(deaths.confirmed_deaths) * any_value(totals.named_total / vintages.dated_total / totals.coverage_low)
            as band_high,
        any_value(totals.total_input) as total_input,
        {{ claim_input(
            "'confirmed_deaths daily_vintage'",
            'any_value(vintages.as_of)',
            'any_value(vintages.data_through)',
            'any_value(sides.period_end)'
        ) }} as data_input,
    from sides
    inner join totals
        on
            sides.claim_id = totals.claim_id
            and sides.side = totals.side
    inner join vintages
        on
            totals.as_of >= vintages.as_of
            and totals.as_of < coalesce(vintages.next_as_of, vintages.last_seen + 1)
    inner join deaths
        on
            vintages.as_of = deaths.as_of
            and deaths.death_date between sides.period_start and sides.period_end
    group by sides.claim_id, sides.side

)

select * from final
