{#- No day lies in two rows' spans; both ends count. -#}
{% test no_overlap(model, start_column, end_column, column_name=none) %}
    with

    spans as (

        select
            {{ start_column }},
            {{ end_column }},
            max({{ end_column }}) over (
                order by {{ start_column }}, {{ end_column }} rows between unbounded preceding and 1 preceding
            ) as earlier_end,
        from {{ model }}

    )

    select *
    from spans
    where {{ start_column }} <= earlier_end
{% endtest %}
