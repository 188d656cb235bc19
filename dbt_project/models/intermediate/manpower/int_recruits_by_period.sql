-- Recruits of a quarter, half or year by what was said, one range a basis: of every speaker the best derivation,
-- speakers beside each other.

with

derived as (

    select * from {{ ref('int_recruits_derived') }}

),

-- Of one speaker the best derivation stands; equally good ones stay side by side.
chosen as (

    select *
    from derived
    qualify rank() over (
        partition by grain, period, basis, claimant
        order by preference, days_off
    ) = 1

),

-- A statement that misses the boundary by some days counts as given and pro rata to the days of the period.
fitted as (

    select
        *,
        -- What a figure is compared by when speakers contradict each other.
        coalesce(figure, (recruits_low + recruits_high) / 2, recruits_low, recruits_high) as compared_by,
        if(days_off = 0, figure, null) as fitted_figure,
        least(recruits_low, round(recruits_low * days / days_stated)) as fitted_low,
        greatest(recruits_high, round(recruits_high * days / days_stated)) as fitted_high,
        claimant || ': ' || derivation || if(
            days_off = 0,
            '',
            printf(', as given and pro rata to %d days (boundaries %d days off)', days, days_off)
        ) as fitted_derivation,
    from chosen

),

final as (

    select
        grain,
        period,
        basis,
        string_agg(distinct claimant, '; ' order by claimant) as claimant,
        string_agg(distinct kind, '; ' order by kind) as kinds,
        count(*) as statements,
        -- One open end leaves the range open on that side.
        if(count(fitted_low) = count(*), min(fitted_low), null) as recruits_low,
        if(count(fitted_figure) = count(*) and count(distinct fitted_figure) = 1, min(fitted_figure), null) as recruits,
        if(count(fitted_high) = count(*), max(fitted_high), null) as recruits_high,
        max(compared_by) / nullif(min(compared_by), 0) as contradiction_ratio,
        string_agg(distinct fitted_derivation, '; ' order by fitted_derivation) as derivation,
        array_to_string(list_sort(list_distinct(flatten(list(source_urls)))), ' ') as source_urls,
    from fitted
    group by all

)

select * from final
