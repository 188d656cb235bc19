-- Months of the claim's period with more confirmed deaths than the month before in it.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'rising_months'

),

answering as (

    select * from {{ ref('int_claim_list_readings') }}

),

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

months as (

    select
        sides.claim_id,
        sides.side,
        date_trunc('month', deaths.death_date) as month_start,
        sum(deaths.confirmed_deaths) as confirmed_deaths,
        [any_value(answering.data_input), any_value(answering.reading_input)] as inputs,
    from sides
    inner join answering
        on
            sides.claim_id = answering.claim_id
            and sides.side = answering.side
    inner join deaths
        on
            answering.as_of = deaths.as_of
            and deaths.death_date between sides.period_start and sides.period_end
    group by all

),

compared as (

    select
        *,
        confirmed_deaths > lag(confirmed_deaths) over (partition by claim_id, side order by month_start) as is_rise,
    from months

),

final as (

    select
        claim_id,
        side,
        count(*) filter (is_rise) as low,
        any_value(inputs) as inputs,
    from compared
    group by claim_id, side

)

select * from final
