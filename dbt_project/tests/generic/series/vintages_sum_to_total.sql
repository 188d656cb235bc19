{#- The days of every vintage, laid out from the changes up to it, add up to its own total. -#}
{% test vintages_sum_to_total(model, changes, column_name=none) %}
    with

    steps as (

        select as_of, sum(change) as change,
        from {{ changes }}
        group by as_of

    ),

    totals as (

        select as_of, sum(change) over (order by as_of) as laid_out,
        from steps

    )

    select
        vintages.as_of,
        cast(coalesce(totals.laid_out, 0) as integer) as laid_out_total,
        vintages.dated_total,
    from {{ model }} as vintages
    asof left join totals on vintages.as_of >= totals.as_of
    where coalesce(totals.laid_out, 0) <> vintages.dated_total
    order by vintages.as_of
{% endtest %}
