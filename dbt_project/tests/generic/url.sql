{#- The column holds one web address in every row: whoever doubts the figure can open it. -#}
{% test url(model, column_name) %}
    select *
    from {{ model }}
    where ({{ column_name }} like 'http%://%.%' and {{ column_name }} not like '% %') is not true
{% endtest %}
