-- How many names each exact total of the list adds to the one before, and whether they are more than the pace of the
-- steps before explains: a match with a register or a backlog worked off is no news of deaths. Steps of some days only
-- say nothing of a pace. Only earlier steps are looked at, so a total is judged as it could be judged on its day.

with

named_totals as (

    select * from {{ ref('int_named_totals') }} where is_exact

),

steps as (

    select
        as_of,
        named_total,
        named_total - lag(named_total) over by_as_of as names_added,
        as_of - lag(as_of) over by_as_of as days_since_previous,
        names_added / days_since_previous as names_per_day,
    from named_totals
    window by_as_of as (order by as_of)

),

paced as (

    select
        as_of,
        if(
            count(*) over steps_before = {{ threshold('break_pace_steps') }},
            names_per_day / nullif(median(names_per_day) over steps_before, 0),
            null
        ) as pace_ratio,
    from steps
    where days_since_previous >= {{ threshold('named_step_days') }}
    window
        steps_before as (order by as_of rows between {{ threshold('break_pace_steps') }} preceding and 1 preceding)

),

final as (

    select
        steps.as_of,
        steps.named_total,
        steps.names_added,
        steps.days_since_previous,
        paced.pace_ratio,
        coalesce(paced.pace_ratio > {{ threshold('break_pace_high') }}, false) as is_batch,
    from steps
    left join paced on steps.as_of = paced.as_of

)

select * from final
