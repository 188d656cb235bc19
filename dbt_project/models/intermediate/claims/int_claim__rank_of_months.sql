-- Rank of the months of the claim's period among as many months in a row of the stretch it is compared with.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'rank_of_months'

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
        sides.period_start,
        date_diff('month', sides.period_start, sides.period_end) + 1 as months,
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
            and deaths.death_date between sides.base_start and sides.base_end
    group by all

),

-- Every month with as many after it as the claim's period holds.
windows as (

    select
        first_months.claim_id,
        first_months.side,
        first_months.period_start,
        first_months.month_start,
        first_months.inputs,
        sum(months.confirmed_deaths) as confirmed_deaths,
    from months as first_months
    inner join months
        on
            first_months.claim_id = months.claim_id
            and first_months.side = months.side
            and date_diff('month', first_months.month_start, months.month_start) between 0 and first_months.months - 1
    group by all
    having count(*) = any_value(first_months.months)

),

ranked as (

    select
        *,
        rank() over (partition by claim_id, side order by confirmed_deaths desc) as window_rank,
    from windows

),

final as (

    select
        claim_id,
        side,
        window_rank as low,
        inputs,
    from ranked
    where month_start = period_start

)

select * from final
