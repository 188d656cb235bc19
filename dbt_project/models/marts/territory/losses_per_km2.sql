-- Losses over area, every period by every series of areas. Where the denominator carries no signal or the numerator is
-- not complete, the ratio is null and suppressed_because says why; every null ratio has a reason.

with

areas as (

    select * from {{ ref('int_area_by_period') }}

),

losses as (

    select * from {{ ref('int_losses_by_period') }}

),

joined as (

    select
        areas.*,
        losses.as_of,
        losses.confirmed_deaths,
        losses.estimated_deaths_low,
        losses.estimated_deaths_high,
        losses.probate_estimate,
        losses.claimed_casualties,
        losses.completeness,
    from areas
    left join losses
        on
            areas.grain = losses.grain
            and areas.period = losses.period

),

judged as (

    select
        *,
        coalesce(net_km2 >= {{ threshold('min_net_km2') }}, false) as has_area,
        coalesce(as_of - period_end < {{ threshold('confirmation_days') }}, true) as is_young,
    from joined

),

ratios as (

    select
        *,
        if(has_area and not is_young, confirmed_deaths / net_km2, null) as confirmed_deaths_per_km2,
        if(has_area and not is_young, estimated_deaths_low / net_km2, null) as estimated_deaths_low_per_km2,
        if(has_area and not is_young, estimated_deaths_high / net_km2, null) as estimated_deaths_high_per_km2,
        if(has_area, probate_estimate / net_km2, null) as probate_estimate_per_km2,
        if(has_area, claimed_casualties / net_km2, null) as claimed_casualties_per_km2,
    from judged

),

final as (

    select
        grain,
        period,
        period_start,
        period_end,
        'whole front' as front_scope,
        area_source,
        area_series,
        includes_kursk,
        gained_km2,
        lost_km2,
        net_km2,
        area_claimant,
        area_from,
        area_to,
        area_is_bound,
        area_is_sum_of,
        area_source_urls,
        as_of,
        cast(confirmed_deaths as bigint) as confirmed_deaths,
        estimated_deaths_low,
        estimated_deaths_high,
        probate_estimate,
        cast(claimed_casualties as bigint) as claimed_casualties,
        confirmed_deaths_per_km2,
        estimated_deaths_low_per_km2,
        estimated_deaths_high_per_km2,
        probate_estimate_per_km2,
        claimed_casualties_per_km2,
        round(completeness, 4) as completeness,
        nullif(
            concat_ws(
                '; ',
                case
                    when net_km2 is null then coalesce(no_area_because, 'no published area for exactly this period')
                    when net_km2 < 0 then 'net area is negative'
                    when not has_area
                        then printf('net area under %d km²', cast({{ threshold('min_net_km2') }} as integer))
                end,
                if(is_young, 'deaths still being confirmed', null),
                if(confirmed_deaths is null, 'confirmed deaths do not cover the period', null),
                if(
                    confirmed_deaths is not null and (estimated_deaths_low is null or estimated_deaths_high is null),
                    'no coverage band holds for this vintage',
                    null
                ),
                if(probate_estimate is null, 'probate estimate does not cover the period', null),
                if(claimed_casualties is null, 'claimed casualties do not cover the period', null)
            ),
            ''
        ) as suppressed_because,
    from ratios

)

select * from final
