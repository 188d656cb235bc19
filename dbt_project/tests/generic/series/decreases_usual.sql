{#- The newest vintage took no more names off days than a multiple of the median of the steps before it. -#}
{% test decreases_usual(model, vintages, column_name=none) %}
    with

    decreases as (

        {{ list_step_decreases(model, vintages) }}

    ),

    -- The first vintage has no step.
    steps as (

        select * from decreases
        where as_of > (select min(as_of) from {{ vintages }})

    ),

    usual as (

        select
            *,
            median(removed) over steps_before as usual_removed,
            median(worst_week) over steps_before as usual_worst_week,
            count(*) over steps_before as steps_before,
        from steps
        window
            steps_before as (
                order by as_of rows between {{ threshold('break_pace_steps') }} preceding and 1 preceding
            )

    )

    select
        as_of,
        removed,
        usual_removed,
        worst_week,
        usual_worst_week,
        dated_total,
    from usual
    where
        as_of = (select max(as_of) from {{ vintages }})
        and steps_before = {{ threshold('break_pace_steps') }}
        -- Where usually nothing is taken off, a multiple of one name.
        and (
            removed > {{ threshold('decreases_usual_factor') }} * greatest(usual_removed, 1)
            or worst_week > {{ threshold('decreases_usual_factor') }} * greatest(usual_worst_week, 1)
        )
{% endtest %}
