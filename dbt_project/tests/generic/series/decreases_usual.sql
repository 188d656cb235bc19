{#- The newest vintage took no more names off days than steps of the list do. -#}
{% test decreases_usual(model, vintages, column_name=none) %}
    with

    decreases as (

        {{ list_step_decreases(model, vintages) }}

    )

    select * from decreases
    where
        as_of = (select max(as_of) from {{ vintages }})
        and (
            removed > {{ threshold('decreases_usual_sum') }}
            or worst_week > {{ threshold('decreases_usual_week') }}
        )
{% endtest %}
