-- How the level of each category is carried on from the first source by the second. The two may stand differently (one
-- of them has a slip, or missed a correction); taken as it is, the second's level would make that difference a loss or
-- a fall of the day of the switch. So its changes are taken, from the newest report that both have: its level is
-- shifted by `level_offset`. Where that report is older than the first source's newest, the second may say less of the
-- days in between; the offset is then so large that the level stays where the first source left it, unless the second
-- itself fell.

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

first_levels as (

    select
        first_source.category,
        max_by(first_source.claimed_losses_cum, first_source.report_date) as first_newest_cum,
    from first_source
    cross join switch
    where first_source.report_date <= switch.first_through
    group by first_source.category

),

second_levels as (

    select
        second_source.category,
        min_by(second_source.claimed_losses_cum, second_source.report_date) as second_next_cum,
    from second_source
    cross join switch
    where second_source.report_date > switch.first_through
    group by second_source.category

),

shared as (

    select
        first_source.category,
        max(first_source.report_date) as shared_report_date,
        max_by(first_source.claimed_losses_cum, first_source.report_date) as first_shared_cum,
        max_by(second_source.claimed_losses_cum, first_source.report_date) as second_shared_cum,
    from first_source
    inner join second_source
        on first_source.report_date = second_source.report_date and first_source.category = second_source.category
    cross join switch
    where first_source.report_date <= switch.first_through
    group by first_source.category

),

offsets as (

    select
        shared.category,
        shared.shared_report_date,
        first_levels.first_newest_cum,
        greatest(
            shared.first_shared_cum - shared.second_shared_cum,
            case
                when second_levels.second_next_cum >= shared.second_shared_cum
                    then first_levels.first_newest_cum - second_levels.second_next_cum
            end
        ) as level_offset,
    from shared
    inner join first_levels on shared.category = first_levels.category
    left join second_levels on shared.category = second_levels.category

),

final as (

    select
        category,
        shared_report_date,
        level_offset,
        -- Further apart than any slip: another count, or a digit. A few pieces are a large share of a small category.
        abs(level_offset) <= greatest(
            {{ threshold('claims_carried_share') }} * first_newest_cum, {{ threshold('small_count') }}
        ) as is_carried,
    from offsets

)

select * from final
