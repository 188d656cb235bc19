-- Claims as they are used: the first source, and where it stands still the second for every later day. A day comes from
-- one source. It keeps the columns of stg_general_staff__claimed_losses.

with

first_source as (

    select * from {{ ref('stg_general_staff__claimed_losses') }}

),

second_source as (

    select * from {{ ref('int_claimed_losses_second') }}

),

switch as (

    select * from {{ ref('int_claimed_losses_switch') }}

),

carried as (

    select * from {{ ref('int_claimed_losses_carried') }} where is_carried

),

from_first as (

    select
        first_source.report_date,
        first_source.category,
        first_source.claimed_losses_cum,
        first_source.announced_correction,
        'claimed_losses' as source,
        0 as level_offset,
    from first_source
    cross join switch
    where not switch.is_second_in_use or first_source.report_date <= switch.first_through

),

from_second as (

    select
        second_source.report_date,
        second_source.category,
        second_source.claimed_losses_cum + carried.level_offset as claimed_losses_cum,
        -- The second source marks no corrections.
        0 as announced_correction,
        'claimed_losses_second' as source,
        carried.level_offset,
    from second_source
    inner join carried on second_source.category = carried.category
    cross join switch
    where switch.is_second_in_use and second_source.report_date > switch.first_through

),

final as (

    select * from from_first
    union all
    select * from from_second

)

select * from final
