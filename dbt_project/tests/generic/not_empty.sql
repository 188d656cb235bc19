{#- The table has rows. `not_null` and `unique` pass on an empty table, so this one stands beside them. -#}
{% test not_empty(model, column_name=none) %}
    select count(*) as row_count
    from {{ model }}
    having count(*) = 0
{% endtest %}
