{#-
    The columns do not fall from the first to the last (low <= high, start <= end). What must be there is said by
    `present`: `all` of them, `any` of them, or a list of columns; the others may be null and are passed over.
-#}
{% test in_order(model, columns, present='all', column_name=none) %}
    {%- set present_columns = columns if present == 'all' else [] if present == 'any' else present %}
    with

    figures as (

        select
            *,
            list_filter([{{ columns | join(', ') }}], lambda figure : figure is not null) as figures_present,
        from {{ model }}

    )

    select * exclude (figures_present) from figures
    where
        figures_present <> list_sort(figures_present)
        or len(figures_present) = 0
        or list_count([{{ present_columns | join(', ') }}]) < {{ present_columns | length }}
{% endtest %}
