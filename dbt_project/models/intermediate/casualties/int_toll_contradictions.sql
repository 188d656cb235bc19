-- Which estimates of the killed a later one contradicts: it counts more dead by an earlier day than the estimate allows
-- at most, or fewer by a later day than it says at least. Deaths only add up, so between other days nothing follows.

with

estimates as (

    select * from {{ ref('int_toll_estimates') }} where measure = 'estimated_killed'

),

weeks as (

    select * from {{ ref('probate_estimate_by_week') }}

),

-- A range scaled from the list is no measurement of its own. "At least" has no upper end, "nearly" no lower one.
measured as (

    select
        as_of,
        deaths_through,
        scope,
        coalesce(low, if(high is null, central, null)) as low,
        coalesce(high, if(low is null, central, null)) as high,
    from estimates
    where
        not is_derived
        and method_code not like 'coverage%'
        and deaths_through is not null

),

-- The probate estimate by the end of each week, as far as it is no forecast.
added_up as (

    select
        as_of,
        cast(week_start + 6 as date) as deaths_through,
        'Russian forces excl. DPR/LPR militias' as scope,
        round(sum(probate_estimate) over (partition by as_of order by week_start)) as low,
        low as high,
    from weeks
    where not is_forecast

),

later as (

    select * from measured
    union all
    select * from added_up

),

-- What is counted without the militias can be too many for an estimate with them, never too few.
compared as (

    select
        estimates.as_of,
        estimates.method,
        estimates.claimant,
        coalesce(estimates.deaths_through, estimates.as_of) as through,
        later.as_of as later_as_of,
        later.deaths_through as later_through,
        later.deaths_through <= through and later.low > coalesce(estimates.high, estimates.central) as is_too_low,
        later.deaths_through >= through
        and later.scope = estimates.scope
        and later.high < coalesce(estimates.low, estimates.central) as is_too_high,
        if(is_too_low, later.low, later.high) as later_estimate,
    from estimates
    inner join later
        on
            estimates.as_of < later.as_of
            and (estimates.scope = later.scope or estimates.scope like 'Russian forces incl.%')
            and later.scope like 'Russian forces excl.%'

),

-- Of several the newest, and of its days the one nearest to the estimate's own.
ranked as (

    select
        *,
        coalesce(is_too_low or is_too_high, false) as is_contradiction,
        row_number() over (
            partition by as_of, method, claimant
            order by coalesce(is_too_low or is_too_high, false) desc, later_as_of desc, abs(later_through - through)
        ) as place,
    from compared

),

final as (

    select
        as_of,
        method,
        claimant,
        is_contradiction as is_contradicted,
        if(is_contradiction, later_as_of, null) as later_as_of,
        if(is_contradiction, later_through, null) as later_through,
        if(is_contradiction, later_estimate, null) as later_estimate,
    from ranked
    where place = 1

)

select * from final
