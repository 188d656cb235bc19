with

estimates as (

    select * from {{ ref('int_toll_estimates') }}

),

contradictions as (

    select * from {{ ref('int_toll_contradictions') }}

),

final as (

    select
        estimates.as_of,
        estimates.deaths_through,
        estimates.method,
        estimates.measure,
        estimates.low,
        estimates.central,
        estimates.high,
        estimates.scope,
        estimates.claimant,
        estimates.is_derived,
        contradictions.is_contradicted,
        contradictions.later_as_of as contradicted_as_of,
        contradictions.later_through as contradicted_through,
        cast(contradictions.later_estimate as bigint) as contradicted_by,
        estimates.source_url,
        estimates.note,
    from estimates
    left join contradictions
        on
            estimates.as_of = contradictions.as_of
            and estimates.method = contradictions.method
            and estimates.claimant = contradictions.claimant
            and estimates.measure = 'estimated_killed'

)

select * from final
