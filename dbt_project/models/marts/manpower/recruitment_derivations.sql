-- The figures behind the ranges of recruitment_vs_losses, and those that were left out of them.

with

derived as (

    select * from {{ ref('int_recruits_derived') }}

),

final as (

    select
        grain,
        period,
        basis,
        claimant,
        kind as counted,
        derived_by,
        array_to_string(statement_ids, ' ') as statement_ids,
        cast(recruits_low as bigint) as recruits_low,
        cast(figure as bigint) as recruits,
        cast(recruits_high as bigint) as recruits_high,
        cast(days_off as integer) as days_off,
        used_in,
        unused_because,
        array_to_string(source_urls, ' ') as source_urls,
    from derived

)

select * from final
