-- Months and years quoted by others from the daily reports, against ours by both ways of cutting a period: by the day
-- that a report covers, as everywhere here, and by the day of the report.

with

estimates as (

    select * from {{ ref('estimates') }}

),

claimed_casualties as (

    select * from {{ ref('int_claimed_casualties_by_day') }}

),

quoted as (

    select
        *,
        cast(
            if(note like '%calendar year%', date_trunc('year', as_of_date), date_trunc('month', as_of_date)) as date
        ) as period_start,
        as_of_date as period_end,
        {{ rounded_to('central') }} as rounded_to,
    from estimates
    where measure = 'killed_and_wounded_claimed' and note like 'flow:%'

),

counted as (

    select
        quoted.*,
        sum(if(claimed.report_date > quoted.period_start, claimed.claimed_casualties, null)) as by_covered_day,
        sum(if(claimed.report_date <= quoted.period_end, claimed.claimed_casualties, null)) as by_report_date,
        count(claimed.report_date) as reports,
        (select max(newest.report_date) from claimed_casualties as newest) as claims_as_of,
    from quoted
    left join claimed_casualties as claimed
        on claimed.report_date between quoted.period_start and quoted.period_end + 1
    group by all

),

judged as (

    select
        *,
        -- From the period's first day to the day after its last: nothing is said of a period without them all.
        reports = period_end - period_start + 2 as has_all_reports,
    from counted

),

final as (

    select
        period_start,
        period_end,
        cast(central as integer) as published_casualties,
        cast(if(has_all_reports, by_covered_day, null) as integer) as claimed_casualties,
        cast(if(has_all_reports, by_report_date, null) as integer) as claimed_casualties_by_report_date,
        claims_as_of,
        case
            when not has_all_reports then 'not_covered'
            when abs(central - by_covered_day) <= rounded_to / 2 and abs(central - by_report_date) <= rounded_to / 2
                then 'both'
            when abs(central - by_covered_day) <= rounded_to / 2 then 'covered_day'
            when abs(central - by_report_date) <= rounded_to / 2 then 'report_date'
            else 'neither'
        end as fits,
        claimant,
        publisher,
        published_on,
        url as source_url,
        note,
    from judged

)

select * from final
