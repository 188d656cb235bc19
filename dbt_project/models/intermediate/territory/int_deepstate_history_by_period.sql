-- Net area of a period as others computed it from the history of DeepState's map: a part of theirs, or the sum of parts
-- that follow each other and fill it. A period that they fill nearly has the days beside it, one that they fill less
-- has no figure; none is ever continued by levels of ours.

with

periods as (

    select * from {{ ref('int_periods') }}

),

history as (

    select * from {{ ref('stg_curated__deepstate_history') }}

),

flags as (

    select * from {{ ref('area_series_flags') }} where series = 'deepstate_history'

),

parts as (

    select
        *,
        case
            when period_start = date_trunc('month', period_start) and period_end = last_day(period_start)
                then 'month'
            when
                period_start = date_trunc('quarter', period_start)
                and period_end = last_day(cast(period_start + interval 2 month as date))
                then 'quarter'
            else 'part'
        end as part_grain,
        case part_grain
            when 'month' then strftime(period_start, '%Y-%m')
            when 'quarter' then strftime(period_start, '%Y-Q') || quarter(period_start)
            else period_start || '/' || period_end
        end as part_name,
    from history

),

-- The parts themselves stand too: the history goes on where no other series does, and not all of them are periods.
asked as (

    select
        grain,
        period,
        period_start,
        period_end,
    from periods

    union

    select
        part_grain as grain,
        part_name as period,
        period_start,
        period_end,
    from parts

),

filled as (

    select
        asked.grain,
        asked.period,
        asked.period_start,
        asked.period_end,
        min(parts.period_start) as covered_from,
        max(parts.period_end) as covered_to,
        sum(parts.period_end - parts.period_start + 1) as covered_days,
        sum(parts.net_km2) as net_km2,
        -- A gross figure of a longer period is not the sum of those of its parts: what is taken and lost again within
        -- it may not count.
        if(count(*) = 1, max(parts.gained_km2), null) as gained_km2,
        if(count(*) = 1, max(parts.lost_km2), null) as lost_km2,
        max_by(parts.occupied_km2, parts.period_end) as occupied_km2,
        if(count(*) = 1, null, string_agg(parts.part_name, ', ' order by parts.period_start)) as is_sum_of,
        max(parts.published_on) as known_on,
        any_value(parts.publisher) as publisher,
        any_value(parts.licence) as licence,
        string_agg(distinct parts.source_url, ' ' order by parts.source_url) as source_urls,
        string_agg(distinct parts.note, '; ' order by parts.note) as note,
    from asked
    inner join parts
        on
            asked.period_start <= parts.period_start
            and asked.period_end >= parts.period_end
    group by asked.grain, asked.period, asked.period_start, asked.period_end

),

-- From the period's first day on, without a hole and without a day twice.
usable as (

    select
        *,
        covered_days = period_end - period_start + 1 as is_whole,
    from filled
    where
        covered_from = period_start
        and covered_days = covered_to - covered_from + 1
        and covered_days >= {{ threshold('period_covered_share') }} * (period_end - period_start + 1)

),

flagged as (

    select
        usable.grain,
        usable.period,
        string_agg(distinct flags.reason, '; ' order by flags.reason) as flag_reason,
        string_agg(distinct flags.source_url, ' ' order by flags.source_url) as flag_urls,
    from usable
    inner join flags
        on
            usable.covered_from <= flags.flagged_to
            and usable.covered_to >= flags.flagged_from
    group by usable.grain, usable.period

),

final as (

    select
        asked.grain,
        asked.period,
        asked.period_start,
        asked.period_end,
        usable.covered_from,
        usable.covered_to,
        usable.covered_days,
        usable.is_whole,
        usable.net_km2,
        usable.gained_km2,
        usable.lost_km2,
        usable.occupied_km2,
        usable.is_sum_of,
        usable.known_on,
        usable.publisher,
        usable.licence,
        usable.source_urls,
        usable.note,
        flagged.flag_reason is not null as is_flagged,
        flagged.flag_reason,
        case
            when usable.net_km2 is null and filled.net_km2 is not null
                then printf(
                    'area series covers %d of %d days',
                    cast(filled.covered_days as integer),
                    asked.period_end - asked.period_start + 1
                )
            when usable.net_km2 is null then 'area series does not cover the period'
            when flagged.flag_reason is not null then 'area is flagged: ' || flagged.flag_reason
        end as no_area_because,
        if(
            not usable.is_whole,
            printf(
                'the area covers %d of %d days',
                cast(usable.covered_days as integer),
                asked.period_end - asked.period_start + 1
            ),
            null
        ) as area_lacks,
    from asked
    left join filled
        on
            asked.grain = filled.grain
            and asked.period = filled.period
    left join usable
        on
            asked.grain = usable.grain
            and asked.period = usable.period
    left join flagged
        on
            asked.grain = flagged.grain
            and asked.period = flagged.period

)

select * from final
