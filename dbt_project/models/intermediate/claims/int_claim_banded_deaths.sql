-- Confirmed deaths of a claim's period, and what the coverage band makes of them, by the vintage that stood on the day
-- of the named total: what one dated name stands for is the total over the names with a date. Where the daily list ends
-- before that day, there is no figure, and the list is the input that ends.

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

list_end as (

    select max(last_seen) as last_seen from vintages

),

-- The vintage that stood on the total's day; none where the daily list had ended.
dated as (

    select
        totals.claim_id,
        totals.side,
        totals.as_of as total_as_of,
        totals.total_input,
        totals.named_total / vintages.dated_total / totals.coverage_low as deaths_per_dated_name,
        vintages.as_of,
        vintages.data_through,
        vintages.as_of is not null as has_vintage,
    from totals
    left join vintages
        on
            totals.as_of >= vintages.as_of
            and totals.as_of < coalesce(vintages.next_as_of, vintages.last_seen + 1)

),

final as (

    select
        sides.claim_id,
        sides.side,
        sum(deaths.confirmed_deaths) as confirmed_deaths,
        sum(deaths.confirmed_deaths) * any_value(dated.deaths_per_dated_name) as band_high,
        any_value(dated.total_input) as total_input,
        {{ claim_input(
            "'confirmed_deaths daily_vintage'",
            'any_value(coalesce(dated.as_of, list_end.last_seen))',
            'any_value(if(dated.has_vintage, dated.data_through, list_end.last_seen))',
            'any_value(if(dated.has_vintage, sides.period_end, dated.total_as_of))'
        ) }} as data_input,
    from sides
    inner join dated
        on
            sides.claim_id = dated.claim_id
            and sides.side = dated.side
    cross join list_end
    left join deaths
        on
            dated.as_of = deaths.as_of
            and deaths.death_date between sides.period_start and sides.period_end
    group by sides.claim_id, sides.side

)

select * from final
