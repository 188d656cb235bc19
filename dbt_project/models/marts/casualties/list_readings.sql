-- Every state of the list that is known here, on whatever grid: what is asked for first, how new the newest one is.

with

list_readings as (

    select * from {{ ref('int_list_readings') }}

),

named_totals as (

    select * from {{ ref('int_named_totals') }}

),

named_total_steps as (

    select * from {{ ref('int_named_total_steps') }}

),

dated as (

    select
        reading,
        as_of,
        sum(confirmed_deaths) as names,
        true as is_exact,
        max(span_end) as deaths_through,
        any_value(publisher) as publisher,
        'day' as as_of_precision,
        null::date as published_on,
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
        as_of_precision,
        published_on,
        source_url,
    from named_totals

),

readings as (

    select * from dated
    union all by name
    select * from named

),

final as (

    select
        readings.reading,
        readings.as_of,
        readings.as_of_precision,
        cast(readings.names as integer) as names,
        readings.is_exact,
        readings.deaths_through,
        -- A bound or a rounded figure does not overtake a count.
        readings.is_exact
        and readings.as_of = max(readings.as_of) filter (readings.is_exact) over (partition by readings.reading)
            as is_newest,
        cast(steps.names_added as integer) as names_added,
        cast(steps.days_since_previous as integer) as days_since_previous,
        if(
            steps.is_batch,
            format(
                '{:,} names more in {} days, {:.1f} times the pace before: a batch, which does not tell when they died',
                steps.names_added,
                steps.days_since_previous,
                steps.pace_ratio
            ),
            null
        ) as flagged_because,
        readings.publisher,
        readings.published_on,
        readings.source_url,
    from readings
    left join named_total_steps as steps
        on
            readings.reading = 'named_total'
            and readings.is_exact
            and readings.as_of = steps.as_of

)

select * from final
