{#- No vintage lost a large part of the list at once, unless a person accepted its file. -#}
{% test decreases_bounded(model, vintages, accepted, source_name, column_name=none) %}
    with

    decreases as (

        {{ list_step_decreases(model, vintages) }}

    )

    select
        *,
        round(removed / greatest(dated_total, 1), 4) as removed_share,
    from decreases
    where
        removed / greatest(dated_total, 1) > {{ threshold('list_removed_share') }}
        and as_of not in (select dated from {{ accepted }} where source = '{{ source_name }}')
    order by removed_share desc
{% endtest %}
