{#- Dates follow one another at a fixed step, within each partition if one is named; returns the dates after a gap. -#}
{% test contiguous_dates(model, date_column, step_days, partition_by=none, column_name=none) %}
    with

    steps as (

        select
            *,
            lag({{ date_column }}) over (
                {% if partition_by %}partition by {{ partition_by }}{% endif %}
                order by {{ date_column }}
            ) as previous_date,
        from {{ model }}

    )

    select * from steps
    where {{ date_column }} - previous_date <> {{ step_days }}
{% endtest %}
