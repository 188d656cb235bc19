{#-
    Every row must satisfy the condition; the failing rows are returned whole, so that they can be found in the source.
    A condition that comes out null fails too: what cannot be judged has not passed. Where null is allowed, say so
    in the condition (`high is null or low <= high`).
-#}
{% test row_condition(model, condition, column_name=none) %}
    select *
    from {{ model }}
    where ({{ condition }}) is not true
{% endtest %}
