-- Statements that count recruits, with bounds: a plain figure is both, "over" leaves the upper end open, "nearly" the
-- lower. Everything that starts on 1 January runs year to date, whatever it is called.

with

published as (

    select * from {{ ref('stg_curated__recruitment') }}

),

measures as (

    select * from {{ ref('recruitment_measures') }}

),

bounded as (

    select
        published.basis,
        published.claimant,
        measures.kind,
        published.measure,
        published.period_start,
        published.period_end,
        published.stated_value as figure,
        case
            when published.stated_low is null and published.stated_high is null then published.stated_value
            else published.stated_low
        end as recruits_low,
        case
            when published.stated_low is null and published.stated_high is null then published.stated_value
            else published.stated_high
        end as recruits_high,
        published.period_start = date_trunc('year', published.period_start) as is_ytd,
        published.source_url,
    from published
    inner join measures on published.measure = measures.measure
    where
        measures.counts_as_recruits
        and published.unit = 'persons'

),

final as (

    select
        *,
        case
            when recruits_low = recruits_high then format('{:,}', recruits_low)
            when recruits_high is null then 'over ' || format('{:,}', recruits_low)
            when recruits_low is null then 'up to ' || format('{:,}', recruits_high)
            else format('{:,}', recruits_low) || ' to ' || format('{:,}', recruits_high)
        end as stated_as,
    from bounded

)

select * from final
