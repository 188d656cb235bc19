{#- No column of the list is blank: `accepted_values` and `relationships` pass over what is not there. -#}
{% test complete(model, columns, column_name=none) %}
    select *
    from {{ model }}
    where {{ columns | join(' is null or ') }} is null
{% endtest %}
