-- Documented deaths over the probate estimate; only the newest release is at hand, which few claims could know.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'coverage_rate'

),

probate_estimates as (

    select * from {{ ref('stg_mediazona__probate_estimates') }} where is_newest_release

),

final as (

    select
        sides.claim_id,
        sides.side,
        sum(probate_estimates.documented_deaths) / sum(probate_estimates.probate_estimate) as low,
    from sides
    inner join probate_estimates on sides.side = 'now' or sides.published_on >= probate_estimates.as_of
    group by sides.claim_id, sides.side

)

select * from final
