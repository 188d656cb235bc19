{#- No level is impossible, unless a person accepted its file; the worst first. -#}
{% test area_within_bounds(model, accepted, source_name, column_name=none) %}
    select
        area_date,
        round(occupied_km2, 1) as occupied_km2,
    from {{ model }}
    where
        occupied_km2 not between {{ threshold('area_least_km2') }} and {{ threshold('area_most_km2') }}
        and area_date not in (select dated from {{ accepted }} where source = '{{ source_name }}')
    order by
        greatest({{ threshold('area_least_km2') }} - occupied_km2, occupied_km2 - {{ threshold('area_most_km2') }}) desc
{% endtest %}
