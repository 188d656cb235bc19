{#- The newest vintage grew at about the pace of the steps before it; too few steps say nothing. -#}
{% test volume_shift(model, column_name=none) %}
    with

    steps as (

        select
            as_of,
            (dated_total - lag(dated_total) over (order by as_of)) / (as_of - lag(as_of) over (order by as_of)) as pace,
        from {{ model }}

    ),

    usual as (

        select
            *,
            median(pace) over (
                order by as_of
                rows between {{ threshold('break_pace_steps') }} preceding and 1 preceding
            ) as usual_pace,
        from steps

    )

    select
        as_of,
        round(pace, 1) as names_a_day,
        round(usual_pace, 1) as usual_names_a_day,
        round(pace / usual_pace, 2) as ratio,
    from usual
    where
        as_of = (select max(as_of) from {{ model }})
        and usual_pace <> 0
        and pace / usual_pace not between {{ threshold('break_pace_low') }} and {{ threshold('break_pace_high') }}
{% endtest %}
