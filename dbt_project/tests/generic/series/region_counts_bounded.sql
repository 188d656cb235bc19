{#- No region lost more names between vintages than corrections take, unless a person accepted the file. A region that a
    vintage lacks is compared with the last vintage that held it. -#}
{% test region_counts_bounded(model, accepted, source_name, column_name=none) %}
    with

    steps as (

        select
            as_of,
            region,
            confirmed_deaths,
            lag(confirmed_deaths) over (partition by region order by as_of) as confirmed_deaths_before,
        from {{ model }}

    )

    select
        as_of,
        region,
        confirmed_deaths_before,
        confirmed_deaths,
    from steps
    where
        (
            confirmed_deaths_before - confirmed_deaths
            > greatest({{ threshold('region_fall_persons') }}, {{ threshold('region_fall_share') }} * confirmed_deaths_before)
            or (confirmed_deaths = 0 and confirmed_deaths_before > 0)
        )
        and as_of not in (select dated from {{ accepted }} where source = '{{ source_name }}')
    order by confirmed_deaths_before - confirmed_deaths desc
{% endtest %}
