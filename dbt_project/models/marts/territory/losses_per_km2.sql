-- Losses over area, every period by every source of area. Where the denominator carries no signal or the numerator is
-- not complete, the ratio is null and suppressed_because says why; every null ratio has a reason.

with

periods as (

    select * from {{ ref('int_periods') }}

),

losses as (

    select * from {{ ref('int_losses_by_period') }}

),

deepstate_area as (

    select * from {{ ref('int_deepstate_area_by_period') }}

),

published_area as (

    select * from {{ ref('int_published_area_by_period') }}

),

area_sources as (

    select unnest(['DeepState', 'ISW', 'AFP/ISW']) as area_source

),

areas as (

    select
        grain,
        period,
        area_source,
        -- The polygon covers Ukraine only.
        if(net_km2 is null, null, false) as includes_kursk,
        gained_km2,
        lost_km2,
        net_km2,
        if(net_km2 is null, null, 'computed from DeepState''s map') as area_claimant,
        base_date as area_from,
        end_date as area_to,
        false as area_is_bound,
        cast(null as varchar) as area_is_sum_of,
        source_url as area_source_urls,
        no_area_because,
    from deepstate_area

    union all

    select
        grain,
        period,
        area_source,
        includes_kursk,
        gained_km2,
        lost_km2,
        net_km2,
        claimant as area_claimant,
        stated_from as area_from,
        stated_to as area_to,
        is_bound as area_is_bound,
        is_sum_of as area_is_sum_of,
        source_urls as area_source_urls,
        null as no_area_because,
    from published_area

),

joined as (

    select
        periods.grain,
        periods.period,
        periods.period_start,
        periods.period_end,
        area_sources.area_source,
        areas.* exclude (grain, period, area_source),
        losses.as_of,
        losses.confirmed_deaths,
        losses.estimated_deaths_low,
        losses.estimated_deaths_high,
        losses.probate_estimate,
        losses.claimed_casualties,
        losses.completeness,
    from periods
    cross join area_sources
    left join areas
        on
            periods.grain = areas.grain
            and periods.period = areas.period
            and area_sources.area_source = areas.area_source
    left join losses
        on
            periods.grain = losses.grain
            and periods.period = losses.period

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
        area_source,
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
