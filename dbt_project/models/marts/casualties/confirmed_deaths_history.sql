-- One row for every stretch of vintages over which a day's count stayed the same (a slowly changing dimension of
-- type 2), so that the row valid on a date is the count as known on it.

with

counts as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

vintages as (

    select as_of, next_as_of from {{ ref('int_vintages') }}

),

steps as (

    select
        counts.death_date,
        counts.as_of,
        counts.confirmed_deaths,
        vintages.next_as_of,
        lag(counts.confirmed_deaths) over by_day as previous_count,
        -- A day that a vintage left out and a later one brings back starts a new stretch.
        lag(vintages.next_as_of) over by_day as expected_as_of,
    from counts
    inner join vintages on counts.as_of = vintages.as_of
    window by_day as (partition by counts.death_date order by counts.as_of)

),

stretches as (

    select
        *,
        sum(
            if(confirmed_deaths is not distinct from previous_count and as_of is not distinct from expected_as_of, 0, 1)
        ) over (partition by death_date order by as_of) as stretch,
    from steps

),

final as (

    select
        death_date,
        any_value(confirmed_deaths) as confirmed_deaths,
        min(as_of) as known_from,
        -- Null while it still holds; max_by would skip that null.
        if(bool_or(next_as_of is null), null, max(next_as_of)) as known_to,
    from stretches
    group by death_date, stretch

)

select * from final
