-- How the level of each category is carried on from the first source by the second. The two may stand differently for
-- good (one of them missed a correction); taken as it is, the second's level would make that difference a loss or a
-- fall of the day of the switch. So its level is shifted by `level_offset`: the middle of the differences of their
-- newest common reports, which a slip of a day or two does not move. Where the level would fall all the same, by more
-- than the second itself fell since, the offset is so large that it does not.

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
        first_source.report_date,
        second_source.claimed_losses_cum as second_cum,
        first_source.claimed_losses_cum - second_source.claimed_losses_cum as first_above_second,
    from first_source
    inner join second_source
        on first_source.report_date = second_source.report_date and first_source.category = second_source.category
    cross join switch
    where first_source.report_date <= switch.first_through
    qualify
        row_number() over (partition by first_source.category order by first_source.report_date desc)
        <= {{ threshold('claims_carried_reports') }}

),

standing as (

    select
        category,
        max(report_date) as shared_report_date,
        max_by(second_cum, report_date) as second_shared_cum,
        quantile_disc(first_above_second, 0.5) as usually_above,
    from shared
    group by category

),

offsets as (

    select
        standing.category,
        standing.shared_report_date,
        first_levels.first_newest_cum,
        greatest(
            standing.usually_above,
            first_levels.first_newest_cum
            + least(second_levels.second_next_cum - standing.second_shared_cum, 0)
            - second_levels.second_next_cum
        ) as level_offset,
    from standing
    inner join first_levels on standing.category = first_levels.category
    left join second_levels on standing.category = second_levels.category

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
