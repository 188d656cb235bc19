{#-
    A date lies no later than today, by the clock of this machine; null where it is not known. Compared as text, so that
    a day (YYYY-MM-DD) and a month (YYYY-MM) of one column are both judged.
-#}
{% test not_in_future(model, column_name) %}
    select *
    from {{ model }}
    where cast({{ column_name }} as varchar) > strftime(current_date, '%Y-%m-%d')
{% endtest %}
