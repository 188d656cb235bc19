{#- Two tables have the same number of rows: nothing was dropped or doubled on the way. -#}
{% test same_row_count(model, compare_model, column_name=none) %}
    with

    counts as (

        select
            (select count(*) from {{ model }}) as row_count,
            (select count(*) from {{ compare_model }}) as expected_row_count,

    )

    select * from counts where row_count <> expected_row_count
{% endtest %}
