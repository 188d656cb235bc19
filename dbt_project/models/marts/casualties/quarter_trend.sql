-- The newest quarter that can be said anything about, against the one before, at every vintage: as the list reported
-- it, as it was expected to become, and as the newest reading knows it. Beside each statement stands how such
-- statements ended.

with

pairs as (

    select * from {{ ref('int_quarter_pairs') }}

),

later_counts as (

    select * from {{ ref('int_quarters_as_known_now') }}

),

method_breaks as (

    select break_date from {{ ref('method_breaks_curated') }} where source = 'confirmed_deaths'

),

ended as (

    select
        pairs.*,
        this_quarter.reading as known_later_reading,
        this_quarter.as_of as known_later_as_of,
        this_quarter.is_exact and previous_quarter.is_exact as known_later_is_exact,
        this_quarter.confirmed_deaths / nullif(previous_quarter.confirmed_deaths, 0) - 1 as change_known_later,
        cast(known_later_as_of - pairs.period_end as integer) as known_later_age_days,
    from pairs
    left join later_counts as this_quarter
        on
            pairs.period = this_quarter.period
            and pairs.as_of < this_quarter.as_of
    left join later_counts as previous_quarter
        on
            pairs.previous_period = previous_quarter.period
            and this_quarter.reading = previous_quarter.reading
            and this_quarter.as_of = previous_quarter.as_of

),

-- Of quarters whose outcome is over a year old by now. Vintages of one quarter share its end: quarters count.
records as (

    select
        reading,
        count(*) as record_statements,
        count(distinct period) as record_quarters,
        count(*) filter (change_known_later >= 0) as record_ended_as_rise,
    from ended
    where known_later_age_days >= {{ threshold('trend_settled_days') }} and change_known_later is not null
    group by reading

),

final as (

    select
        ended.as_of,
        ended.period,
        ended.period_start,
        ended.period_end,
        ended.age_days,
        ended.previous_period,
        cast(ended.confirmed_deaths as integer) as confirmed_deaths,
        cast(ended.previous_confirmed_deaths as integer) as previous_confirmed_deaths,
        ended.confirmed_change,
        round(ended.expected_deaths, 1) as expected_deaths_6m,
        round(ended.previous_expected_deaths, 1) as previous_expected_deaths_6m,
        ended.expected_change,
        ended.known_later_as_of,
        ended.known_later_reading,
        ended.known_later_is_exact,
        ended.known_later_age_days,
        round(ended.change_known_later, 4) as change_known_later,
        (
            select min(method_breaks.break_date) from method_breaks
            where method_breaks.break_date > ended.as_of and method_breaks.break_date <= ended.known_later_as_of
        ) as break_date,
        ended.reading,
        cast(coalesce(records.record_statements, 0) as integer) as record_statements,
        cast(coalesce(records.record_quarters, 0) as integer) as record_quarters,
        cast(coalesce(records.record_ended_as_rise, 0) as integer) as record_ended_as_rise,
    from ended
    left join records on ended.reading = records.reading

)

select * from final
