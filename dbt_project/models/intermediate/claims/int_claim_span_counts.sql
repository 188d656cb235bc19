-- Names dated to each window of a claim, by the reading that answers it.

with

list_readings as (

    select * from {{ ref('int_list_readings') }}

),

answering as (

    select * from {{ ref('int_claim_list_readings') }}

),

spans as (

    select * from {{ ref('int_claim_spans') }}

),

asked_readings as (

    select list_readings.*
    from list_readings
    where (list_readings.reading, list_readings.as_of) in (select (answering.reading, answering.as_of) from answering)

),

windows as (

    select
        answering.claim_id,
        answering.side,
        spans.span,
        spans.span_start as window_start,
        spans.span_end as window_end,
        answering.reading as answering_reading,
        answering.as_of as answering_as_of,
        [answering.data_input, answering.reading_input] as inputs,
    from answering
    inner join spans on answering.claim_id = spans.claim_id

),

counted as (

    {{ list_readings_of('windows', 'asked_readings') }}

),

final as (

    select
        claim_id,
        side,
        span,
        round(confirmed_deaths) as confirmed_deaths,
        inputs,
    from counted
    where
        reading = answering_reading
        and as_of = answering_as_of

)

select * from final
