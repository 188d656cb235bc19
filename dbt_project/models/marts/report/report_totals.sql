-- Of each rung the newest statement; of the probate estimates every release, for they are one method carried on. Of two
-- that count through one month the newer stands.

with

estimates as (

    select * from {{ ref('int_toll_estimates') }}

),

list_readings as (

    select * from {{ ref('list_readings') }} where reading = 'named_total'

),

contradictions as (

    select * from {{ ref('int_toll_contradictions') }}

),

-- From what is counted to what it is taken to stand for, and last the claim, which is another unit.
ladder as (

    select rungs.*
    from (
        values
        (1, 'dated', 'confirmed_dated', 'dated_names'),
        (2, 'named', 'confirmed_named', 'named_list'),
        (3, 'coverage_band', 'estimated_killed', 'coverage_band'),
        (4, 'probate_estimate', 'estimated_killed', 'probate_registry'),
        (5, 'claimed_casualties', 'killed_and_wounded_claimed', 'daily_reports')
    ) as rungs (rung_order, rung, measure, method_code)

),

final as (

    select
        ladder.rung_order,
        ladder.rung,
        estimates.as_of,
        estimates.deaths_through,
        estimates.low,
        estimates.central,
        estimates.high,
        estimates.method,
        estimates.scope,
        estimates.claimant,
        estimates.is_derived,
        contradictions.is_contradicted,
        contradictions.later_as_of as contradicted_as_of,
        contradictions.later_through as contradicted_through,
        cast(contradictions.later_estimate as bigint) as contradicted_by,
        list_readings.flagged_because,
        estimates.source_url,
    from estimates
    inner join ladder
        on
            estimates.measure = ladder.measure
            and estimates.method_code = ladder.method_code
    left join contradictions
        on
            estimates.as_of = contradictions.as_of
            and estimates.method = contradictions.method
            and estimates.claimant = contradictions.claimant
            and estimates.measure = 'estimated_killed'
    left join list_readings
        on
            ladder.rung = 'named'
            and estimates.as_of = list_readings.as_of
            and estimates.central = list_readings.names
    where coalesce(estimates.low, estimates.central, estimates.high) is not null
    qualify row_number() over (
        partition by
            ladder.rung,
            if(
                ladder.rung = 'probate_estimate',
                date_trunc('month', coalesce(estimates.deaths_through, estimates.as_of)),
                null
            )
        order by
            estimates.as_of desc,
            estimates.is_derived,
            coalesce(estimates.central, estimates.low, estimates.high) desc
    ) = 1

)

select * from final
