with

estimates as (

    select * from {{ ref('int_toll_estimates') }}

),

final as (

    select
        as_of,
        method,
        measure,
        low,
        central,
        high,
        scope,
        claimant,
        is_derived,
        source_url,
        note,
    from estimates

)

select * from final
