{#- Gains less losses explain the change of the level since the map they are measured against. -#}
{% test area_differences_agree(model, column_name=none) %}
    with

    steps as (

        select
            today.area_date,
            today.occupied_km2 - previous.occupied_km2 as net_km2,
            today.gained_km2,
            today.lost_km2,
            today.occupied_km2 - previous.occupied_km2 - (today.gained_km2 - today.lost_km2) as off_km2,
        from {{ model }} as today
        inner join {{ model }} as previous on today.previous_date = previous.area_date

    )

    select
        area_date,
        round(off_km2, 2) as off_km2,
        round(net_km2, 2) as net_km2,
        gained_km2,
        lost_km2,
    from steps
    where abs(off_km2) > {{ threshold('area_differences_off_km2') }}
    order by area_date
{% endtest %}
