-- Which source the claims come from. Decided by the newest reports of the two and never by the clock, so that the same
-- inputs give the same figures: where both are old, the newer one is still the newer one.
-- The first source has people and equipment in files of their own; a day that only one of them has is not whole.

with

first_source as (

    select * from {{ ref('stg_general_staff__claimed_losses') }}

),

second_source as (

    select * from {{ ref('int_claimed_losses_second') }}

),

first_whole_days as (

    select report_date
    from first_source
    group by report_date
    having bool_or(category = 'personnel') and bool_or(category not in ('personnel', 'pow'))

),

newest as (

    select
        (select max(report_date) from first_whole_days) as first_through,
        (select max(report_date) from second_source where category = 'personnel') as second_through,

),

final as (

    select
        first_through,
        second_through,
        second_through - first_through as days_behind,
        coalesce(second_through - first_through > {{ threshold('claims_failover_days') }}, false) as is_second_in_use,
    from newest

)

select * from final
