{#- No column of the list is blank: `accepted_values` and `relationships` pass over what is not there. -#}
{% test complete(model, columns, column_name=none) %}
    select *
    from {{ model }}
    where
        {%- for column in columns %}
        {% if not loop.first %}or {% endif %}{{ column }} is null
        {%- endfor %}
{% endtest %}
