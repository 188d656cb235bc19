-- The second source in the categories of the first, with the address of each report. What corresponds to nothing is
-- left out.

with

second_source as (

    select * from {{ ref('stg_general_staff__claimed_losses_second') }}

),

reports as (

    select * from {{ ref('stg_general_staff__claimed_losses_second_reports') }}

),

categories as (

    select * from {{ ref('claimed_loss_categories') }}

),

final as (

    select
        second_source.report_date,
        categories.category,
        second_source.second_category,
        second_source.claimed_losses_cum,
        reports.source_url,
    from second_source
    inner join categories on second_source.second_category = categories.second_category
    left join reports on second_source.report_date = reports.report_date

)

select * from final
