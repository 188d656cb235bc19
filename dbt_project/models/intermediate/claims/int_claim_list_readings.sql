-- Which reading of the list answers a claim on a side: the newest published by then that covers all its windows to
-- their last day and whose spans are fine enough for them. Where none does, the newest, with how far it reaches.

with

sides as (

    select * from {{ ref('int_claim_sides') }}

),

spans as (

    select * from {{ ref('int_claim_spans') }}

),

needs as (

    select
        claim_id,
        max(span_end) as needs_through,
        bool_or(is_by_day or span_end - span_start + 1 < {{ threshold('cut_reading_min_days') }}) as needs_days,
    from spans
    group by claim_id

),

list_readings as (

    select
        reading,
        as_of,
        max(span_end) as data_through,
    from {{ ref('int_list_readings') }}
    group by reading, as_of

),

vintages as (

    select as_of, last_seen from {{ ref('int_vintages') }}

),

-- A reading stood until the next of its kind came, and the newest as long as it was seen.
readings as (

    select
        list_readings.*,
        coalesce(
            lead(list_readings.as_of) over (partition by list_readings.reading order by list_readings.as_of) - 1,
            if(list_readings.reading = 'daily_vintage', vintages.last_seen, null),
            list_readings.as_of
        ) as stood_until,
    from list_readings
    left join vintages on list_readings.as_of = vintages.as_of

),

final as (

    select
        sides.claim_id,
        sides.side,
        readings.reading,
        readings.as_of,
        readings.data_through >= needs.needs_through as covers,
        {{ claim_input("'confirmed_deaths ' || readings.reading", 'readings.as_of', 'readings.data_through',
            'needs.needs_through') }} as data_input,
        {{ claim_input("'confirmed_deaths ' || readings.reading", 'readings.as_of', 'readings.stood_until',
            'sides.published_on') }} as reading_input,
    from sides
    inner join needs on sides.claim_id = needs.claim_id
    inner join readings
        on
            sides.known_by >= readings.as_of
            and (readings.reading = 'daily_vintage' or not needs.needs_days)
    qualify row_number() over (
        partition by sides.claim_id, sides.side
        order by covers desc, readings.as_of desc, readings.reading
    ) = 1

)

select * from final
