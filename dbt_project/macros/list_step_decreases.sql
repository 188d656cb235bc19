{#-
    What each step of the list took off its days, one row a vintage: names taken off days in sum, and off the week that
    lost most after what the step added to the same week. Zero for the first vintage, which has none before it.
-#}
{% macro list_step_decreases(changes, vintages) -%}
    with

    steps as (

        select as_of, death_date, change
        from {{ changes }}
        where as_of > (select min(as_of) from {{ vintages }})

    ),

    decreases as (

        select as_of, sum(-change) as removed,
        from steps
        where change < 0
        group by as_of

    ),

    weeks as (

        select as_of, date_trunc('week', death_date) as week_start, sum(-change) as removed,
        from steps
        group by all

    ),

    worst_weeks as (

        select as_of, greatest(max(removed), 0) as worst_week,
        from weeks
        group by as_of

    )

    select
        vintages.as_of,
        cast(coalesce(decreases.removed, 0) as integer) as removed,
        cast(coalesce(worst_weeks.worst_week, 0) as integer) as worst_week,
        vintages.dated_total,
    from {{ vintages }} as vintages
    left join decreases on vintages.as_of = decreases.as_of
    left join worst_weeks on vintages.as_of = worst_weeks.as_of
{%- endmacro %}
