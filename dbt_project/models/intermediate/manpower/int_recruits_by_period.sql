-- Recruits of a period by what was said, one range a basis, speakers beside each other; beside it what
-- the parts of the period add up to.

with

derived as (

    select * from {{ ref('int_recruits_derived') }}

),

ranged as (

    select
        *,
        {{ rounded_to('figure') }} as rounded_to,
        figure is not null and days_off = 0 as is_figure,
    from derived
    where used_in = 'range'

),

-- 89,600 beside 89,601 is the same figure rounded, and no range. Of less than three digits anything near would be that.
rounded as (

    select
        rounded.grain,
        rounded.period,
        rounded.basis,
        rounded.kind,
        rounded.figure as rounded_figure,
        min_by(exact.figure, exact.rounded_to) as exact_figure,
    from ranged as rounded
    inner join ranged as exact
        on
            rounded.grain = exact.grain
            and rounded.period = exact.period
            and rounded.basis = exact.basis
            and rounded.kind = exact.kind
            and rounded.rounded_to > exact.rounded_to
            and abs(rounded.figure - exact.figure) <= rounded.rounded_to / 2
    where
        rounded.is_figure
        and exact.is_figure
        and rounded.figure / rounded.rounded_to >= power(10, {{ threshold('rounded_figure_digits') }} - 1)
    group by all

),

stated as (

    select
        ranged.* exclude (figure, recruits_low, recruits_high),
        coalesce(rounded.exact_figure, ranged.figure) as figure,
        coalesce(rounded.exact_figure, ranged.recruits_low) as recruits_low,
        coalesce(rounded.exact_figure, ranged.recruits_high) as recruits_high,
    from ranged
    left join rounded
        on
            ranged.is_figure
            and ranged.grain = rounded.grain
            and ranged.period = rounded.period
            and ranged.basis = rounded.basis
            and ranged.kind = rounded.kind
            and ranged.figure = rounded.rounded_figure

),

-- A statement that misses the boundary by some days counts as given and pro rata to the days of the period.
fitted as (

    select
        *,
        if(days_off = 0, figure, null) as fitted_figure,
        if(recruits_low is null, null, least(recruits_low, round(recruits_low * days / days_stated))) as fitted_low,
        if(recruits_high is null, null, greatest(recruits_high, round(recruits_high * days / days_stated)))
            as fitted_high,
        -- "Over 300,000" does not contradict 540,000: what one says at least is held against what another says at most.
        -- Counts of two kinds contradict each other in nothing.
        max(recruits_low) over of_one_kind / nullif(min(recruits_high) over of_one_kind, 0) as contradiction_ratio,
    from stated
    window of_one_kind as (partition by grain, period, basis, kind)

),

ranges as (

    select
        grain,
        period,
        basis,
        string_agg(distinct claimant, '; ' order by claimant) as claimant,
        string_agg(distinct kind, '; ' order by kind) as kinds,
        string_agg(distinct derived_by, '; ' order by derived_by) as derived_by,
        count(*) as statements,
        -- One open end leaves the range open on that side.
        if(count(fitted_low) = count(*), min(fitted_low), null) as recruits_low,
        if(count(fitted_figure) = count(*) and count(distinct fitted_figure) = 1, min(fitted_figure), null) as recruits,
        if(count(fitted_high) = count(*), max(fitted_high), null) as recruits_high,
        max(contradiction_ratio) as contradiction_ratio,
        array_to_string(list_sort(list_distinct(flatten(list(source_urls)))), ' ') as source_urls,
    from fitted
    group by all

),

sums as (

    select
        grain,
        period,
        basis,
        string_agg(distinct claimant, '; ' order by claimant) as parts_claimant,
        if(count(recruits_low) = count(*), min(recruits_low), null) as parts_low,
        if(count(recruits_high) = count(*), max(recruits_high), null) as parts_high,
    from derived
    where used_in = 'beside'
    group by all

),

final as (

    select
        ranges.*,
        sums.parts_claimant,
        sums.parts_low,
        sums.parts_high,
    from ranges
    left join sums
        on
            ranges.grain = sums.grain
            and ranges.period = sums.period
            and ranges.basis = sums.basis

)

select * from final
