-- The same weeks of death in three readings of the list: a year ago, by its newest daily copy, and by a weekly export
-- where that is newer still. The weeks are the last ones that all of them cover.

with

list_readings as (

    select * from {{ ref('int_list_readings') }}

),

readings as (

    select
        reading,
        as_of,
        min(span_start) as since,
        max(span_end) as through,
    from list_readings
    group by reading, as_of

),

-- Of a daily copy and an export of one day the copy, which counts by day.
newest as (

    select * from readings
    order by as_of desc, reading
    limit 1

),

-- The window ends where the older reading ends, or with the last span of the newest within it.
candidates as (

    select
        older.as_of,
        max(spans.span_end) as window_end,
        cast(window_end - {{ threshold('report_weeks_compared') }} * 7 + 1 as date) as window_start,
        abs(newest.as_of - older.as_of - {{ threshold('report_compared_days') }}) as off_days,
    from readings as older
    cross join newest
    inner join list_readings as spans
        on
            newest.reading = spans.reading
            and newest.as_of = spans.as_of
            and older.through >= spans.span_end
    where older.reading = 'daily_vintage' and older.as_of < newest.as_of
    group by older.as_of, newest.as_of, older.since, newest.since
    having window_start >= greatest(older.since, newest.since)

),

then_known as (

    select * from candidates
    order by off_days, as_of
    limit 1

),

compared as (

    select
        readings.reading,
        readings.as_of,
        then_known.window_start,
        then_known.window_end,
    from readings
    cross join then_known
    where
        readings.reading = 'daily_vintage' and readings.as_of = then_known.as_of
        or readings.as_of = (select max(r.as_of) from readings as r where r.reading = 'daily_vintage')
        and readings.reading = 'daily_vintage'
        or (readings.reading, readings.as_of) in (select (newest.reading, newest.as_of) from newest)

),

final as (

    select
        compared.reading,
        compared.as_of,
        compared.window_start,
        compared.window_end,
        cast(sum(spans.confirmed_deaths) as integer) as confirmed_deaths,
    from compared
    inner join list_readings as spans
        on
            compared.reading = spans.reading
            and compared.as_of = spans.as_of
            and compared.window_start <= spans.span_start
            and compared.window_end >= spans.span_end
    group by compared.reading, compared.as_of, compared.window_start, compared.window_end

)

select * from final
