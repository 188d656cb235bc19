-- Every state of the list that is known here, on whatever grid: what is asked for first, how new the newest one is.

with

list_readings as (

    select * from {{ ref('int_list_readings') }}

),

named_totals as (

    select * from {{ ref('int_named_totals') }}

),

dated as (

    select
        reading,
        as_of,
        sum(confirmed_deaths) as names,
        true as is_exact,
        max(span_end) as deaths_through,
        any_value(publisher) as publisher,
        any_value(source_url) as source_url,
    from list_readings
    group by reading, as_of

),

named as (

    select
        'named_total' as reading,
        as_of,
        named_total as names,
        is_exact,
        deaths_through,
        publisher,
        source_url,
    from named_totals

),

readings as (

    select * from dated
    union all
    select * from named

),

final as (

    select
        reading,
        as_of,
        cast(names as integer) as names,
        is_exact,
        deaths_through,
        as_of = max(as_of) over (partition by reading) as is_newest,
        publisher,
        source_url,
    from readings

)

select * from final
