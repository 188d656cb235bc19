{#- A measure adds up to the same total in two tables. -#}
{% test same_total(model, measure, compare_model, compare_measure, column_name=none) %}
    with

    totals as (

        select
            (select sum({{ measure }}) from {{ model }}) as total,
            (select sum({{ compare_measure }}) from {{ compare_model }}) as expected_total,

    )

    select * from totals where total is distinct from expected_total
{% endtest %}
