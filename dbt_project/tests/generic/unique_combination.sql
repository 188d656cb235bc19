{#-
    The columns together identify a row. Nulls compare equal here: two rows that lack the same part are one too many.
-#}
{% test unique_combination(model, columns, column_name=none) %}
    select
        {{ columns | join(', ') }},
        count(*) as row_count,
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}
