{#- The map did not change by more than a day's advance at once of late: an edit is news for some time. -#}
{% test area_jumps(model, column_name=none) %}
    with

    steps as (

        select
            area_date,
            occupied_km2 - lag(occupied_km2) over (order by area_date) as step_km2,
        from {{ model }}

    )

    select
        area_date,
        round(step_km2, 1) as step_km2,
    from steps
    where
        abs(step_km2) > {{ threshold('area_jump_km2') }}
        and area_date > (select max(area_date) from {{ model }}) - {{ threshold('area_jump_window_days') }}
    order by area_date
{% endtest %}
