-- A rule whose limit is missing compares with null and never applies.
with

needed as (

    select unnest([
        'min_net_km2',
        'confirmation_days',
        'area_boundary_days',
        'area_jump_km2',
        'statement_end_days',
        'recruitment_boundary_days',
        'contradiction_ratio',
    ]) as limit_name

),

limits as (

    select * from {{ ref('limits') }}

),

final as (

    select needed.limit_name
    from needed
    anti join limits on needed.limit_name = limits.limit_name

)

select * from final
