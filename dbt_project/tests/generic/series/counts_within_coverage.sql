{#- No day of a vintage counts fewer than no dead, and none lies before the war or after the vintage's last day. -#}
{% test counts_within_coverage(model, vintages, column_name=none) %}
    with

    counts as (

        select
            as_of,
            death_date,
            sum(change) over (partition by death_date order by as_of) as confirmed_deaths,
        from {{ model }}

    )

    select
        counts.as_of,
        counts.death_date,
        cast(counts.confirmed_deaths as integer) as confirmed_deaths,
        vintages.data_through,
    from counts
    inner join {{ vintages }} as vintages on counts.as_of = vintages.as_of
    where
        counts.confirmed_deaths < 0
        or counts.death_date < date '{{ threshold("war_start") }}'
        or (counts.death_date > vintages.data_through and counts.confirmed_deaths <> 0)
    order by counts.as_of, counts.death_date
{% endtest %}
