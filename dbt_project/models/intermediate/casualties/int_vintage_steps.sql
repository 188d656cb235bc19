-- What each vintage added and removed, and whether its step is out of line with the steps before it. Only earlier
-- vintages are looked at, so a vintage is judged as it could be judged on its day. How long it stood is known later.

with

vintages as (

    select * from {{ ref('int_vintages') }}

),

changes as (

    select * from {{ ref('stg_confirmed_deaths__changes') }}

),

-- How old the list may get, as its source is described.
rhythm as (

    select
        cadence_days,
        alarm_days,
    from {{ ref('stg_provenance__sources') }}
    where source = 'confirmed_deaths'

),

changes_by_vintage as (

    select
        as_of,
        sum(confirmed_deaths_change) filter (confirmed_deaths_change > 0) as added,
        -sum(confirmed_deaths_change) filter (confirmed_deaths_change < 0) as removed,
    from changes
    group by as_of

),

steps as (

    select
        vintages.*,
        vintages.as_of - vintages.previous_as_of as days_since_previous,
        vintages.as_of - vintages.data_through > {{ threshold('stale_content_days') }} as is_stale_content,
        coalesce(vintages.next_as_of, vintages.last_seen) - vintages.as_of as days_unchanged,
        if(vintages.previous_as_of is null, null, coalesce(changes_by_vintage.added, 0)) as added,
        if(vintages.previous_as_of is null, null, coalesce(changes_by_vintage.removed, 0)) as removed,
        -- Of totals noted with the copies: others stand for another day than the vintage.
        vintages.dated_total + vintages.undated_total as matched_named_total,
        (matched_named_total - lag(matched_named_total) over by_as_of)
        / (vintages.as_of - vintages.previous_as_of) as named_per_day,
        (vintages.dated_total - lag(vintages.dated_total) over by_as_of)
        / (vintages.as_of - vintages.previous_as_of) as dated_per_day,
        (vintages.dated_share - lag(vintages.dated_share) over by_as_of) * 100 as dated_share_change_points,
        vintages.undated_total - lag(vintages.undated_total) over by_as_of as undated_change,
    from vintages
    left join changes_by_vintage on vintages.as_of = changes_by_vintage.as_of
    window by_as_of as (order by vintages.as_of)

),

-- The named total is collected by hand and may be missing: then the names with a date have to tell, which grow at
-- once by a match with a register and by a bulk dating alike.
paced as (

    select
        *,
        case
            when count(named_per_day) over steps_before = {{ threshold('break_pace_steps') }}
                then named_per_day / nullif(median(named_per_day) over steps_before, 0)
        end as named_pace_ratio,
        case
            when count(dated_per_day) over steps_before = {{ threshold('break_pace_steps') }}
                then dated_per_day / nullif(median(dated_per_day) over steps_before, 0)
        end as dated_pace_ratio,
    from steps
    window
        steps_before as (order by as_of rows between {{ threshold('break_pace_steps') }} preceding and 1 preceding)

),

-- Why a step is a break, as codes; the release puts them into words.
judged as (

    select
        *,
        coalesce(named_pace_ratio, dated_pace_ratio)
        between {{ threshold('break_pace_low') }} and {{ threshold('break_pace_high') }} as is_usual_pace,
        list_filter([
            case
                when is_usual_pace then null
                when named_pace_ratio is not null then 'named_pace'
                when dated_pace_ratio is not null then 'dated_pace'
            end,
            case
                when dated_share_change_points > {{ threshold('break_dated_share_points') }} then 'dated_share_rise'
                when dated_share_change_points < -{{ threshold('break_dated_share_points') }} then 'dated_share_fall'
            end,
            if(undated_change < -{{ threshold('break_undated_fall') }}, 'undated_fall', null)
        ], lambda code: code is not null) as break_codes,
    from paced

),

break_reviews as (

    select * from {{ ref('break_reviews') }}

),

final as (

    select
        judged.as_of,
        judged.last_seen,
        judged.data_through,
        judged.is_current,
        judged.dated_total,
        judged.named_total,
        judged.named_total_as_of,
        judged.undated_total,
        judged.dated_share,
        judged.added,
        judged.removed,
        judged.days_since_previous,
        judged.is_stale_content,
        judged.days_unchanged,
        case
            when judged.days_unchanged > rhythm.alarm_days then 'error'
            when judged.days_unchanged > rhythm.cadence_days then 'warn'
        end as standstill,
        len(judged.break_codes) > 0 as is_break,
        nullif(array_to_string(judged.break_codes, '; '), '') as break_codes,
        judged.named_pace_ratio,
        judged.dated_pace_ratio,
        judged.dated_share_change_points,
        judged.undated_change,
        break_reviews.as_of is not null as is_reviewed,
        -- A review speaks for the days on which the vintage was the newest, not for what was thought of it before.
        is_break
        and not coalesce(break_reviews.reviewed_on < coalesce(judged.next_as_of, date 'infinity'), false) as is_frozen,
    from judged
    cross join rhythm
    left join break_reviews on judged.as_of = break_reviews.as_of

)

select * from final
