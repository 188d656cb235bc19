-- Every statement with its bounds: a plain figure is both, "over" leaves the upper end open, "nearly" the lower, and
-- neither is a figure. Those that count no recruits say why. What starts on 1 January runs year to date, whatever it is
-- called.

with

published as (

    select * from {{ ref('stg_curated__recruitment') }}

),

measures as (

    select * from {{ ref('recruitment_measures') }}

),

bounded as (

    select
        published.*,
        measures.kind,
        measures.counts_as_recruits,
        measures.reason as measure_reason,
        if(
            published.stated_low is null and published.stated_high is null,
            published.stated_value,
            published.stated_low
        ) as recruits_low,
        if(
            published.stated_low is null and published.stated_high is null,
            published.stated_value,
            published.stated_high
        ) as recruits_high,
        published.period_start = date_trunc('year', published.period_start) as is_ytd,
    from published
    inner join measures on published.measure = measures.measure

),

final as (

    select
        *,
        if(recruits_low is null or recruits_high is null, null, stated_value) as figure,
        case
            -- A pace has no days of its own, so it is no figure of a period, however long it was held.
            when unit <> 'persons' then 'is a rate or a share'
            when kind = 'losses' then 'counts losses, which stand beside recruits of the same page'
            when not counts_as_recruits then 'counts no recruits'
            -- Men called up or drafted are not recruits, whatever the row's measure says.
            when regexp_matches(note, '(?i)mobili[sz]ed|conscript|drafted|called up')
                then 'speaks of mobilised or conscripted men'
        end as not_counted_because,
    from bounded

)

select * from final
