-- Both sources copy the same morning report, so where they differ one of them has a slip or one was corrected later.

with

first_source as (

    select * from {{ ref('stg_general_staff__claimed_losses') }}

),

second_source as (

    select * from {{ ref('int_claimed_losses_second') }}

),

final as (

    select
        first_source.report_date,
        first_source.report_date - 1 as covered_date,
        first_source.category,
        second_source.second_category,
        first_source.claimed_losses_cum as first_claimed_losses_cum,
        second_source.claimed_losses_cum as second_claimed_losses_cum,
        second_source.claimed_losses_cum - first_source.claimed_losses_cum as difference,
        second_source.source_url,
    from first_source
    inner join second_source
        on first_source.report_date = second_source.report_date and first_source.category = second_source.category
    where first_source.claimed_losses_cum <> second_source.claimed_losses_cum

)

select * from final
