-- A published ratio from its own printed inputs, which are the same then and now.

with

ratios as (

    select * from {{ ref('ratios_published') }}

),

final as (

    select
        ratio_id as claim_id,
        unnest(['then', 'now']) as side,
        numerator / denominator_km2 as low,
    from ratios
    -- Per km of advance is no ratio to an area.
    where unit = 'persons_per_km2'

)

select * from final
