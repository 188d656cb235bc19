with

claimed_casualties as (

    select * from {{ ref('int_claimed_casualties_by_day') }}

),

final as (

    select
        report_date,
        covered_date,
        cast(claimed_casualties as integer) as claimed_casualties,
        claimed_casualties_cum,
        is_correction,
        announced_correction,
        source,
        level_offset,
    from claimed_casualties

)

select * from final
