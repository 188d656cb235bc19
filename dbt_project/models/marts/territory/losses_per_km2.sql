-- Losses over area, every period by every series of areas. Where the denominator carries no signal, or the numerator
-- does not cover the days of the area or is a forecast throughout, the ratio is null and suppressed_because says why:
-- every null ratio has a reason.

with

areas as (

    select * from {{ ref('int_area_by_period') }}

),

losses as (

    select * from {{ ref('int_losses_by_period') }}

),

judged as (

    select
        areas.*,
        losses.period_days,
        losses.as_of,
        losses.confirmed_deaths,
        losses.confirmed_covered_days,
        losses.completeness,
        losses.probate_estimate,
        losses.probate_as_of,
        losses.probate_covered_days,
        losses.probate_forecast_days,
        losses.claimed_casualties,
        losses.claims_as_of,
        losses.claims_covered_days,
        coalesce(areas.net_km2 >= {{ threshold('min_net_km2') }}, false) and areas.area_lacks is null as has_area,
        case
            when areas.net_km2 is null
                then coalesce(areas.no_area_because, 'no published area for exactly this period')
            when areas.net_km2 < 0 then 'net area is negative'
            when areas.net_km2 < {{ threshold('min_net_km2') }}
                then printf('net area under %d km²', cast({{ threshold('min_net_km2') }} as integer))
        end as no_signal,
        losses.age_days < {{ threshold('confirmation_days') }} as is_young,
        losses.probate_forecast_days > 0 and losses.probate_forecast_days = losses.probate_covered_days as is_forecast,
        {{ not_wholly_covered('the list', 'losses.confirmed_covered_days', 'losses.period_days') }}
            as confirmed_lacks,
        {{ not_wholly_covered('the probate estimate', 'losses.probate_covered_days', 'losses.period_days') }}
            as probate_lacks,
        {{ not_wholly_covered('the claim', 'losses.claims_covered_days', 'losses.period_days') }}
            as claims_lack,
    from areas
    inner join losses
        on
            areas.grain = losses.grain
            and areas.period = losses.period

),

ratios as (

    select
        *,
        if(has_area and not is_young and confirmed_lacks is null, confirmed_deaths / net_km2, null)
            as confirmed_deaths_per_km2,
        if(has_area and not is_forecast and probate_lacks is null, probate_estimate / net_km2, null)
            as probate_estimate_per_km2,
        if(has_area and claims_lack is null, claimed_casualties / net_km2, null) as claimed_casualties_per_km2,
    from judged

),

final as (

    select
        grain,
        period,
        period_start,
        period_end,
        cast(period_days as integer) as period_days,
        'whole front' as front_scope,
        area_source,
        area_series,
        area_definition,
        includes_kursk,
        includes_infiltration,
        gained_km2,
        lost_km2,
        net_km2,
        area_as_of,
        area_claimant,
        area_from,
        area_to,
        -- The level before the start speaks for the first day of a period; statements say themselves what they cover.
        cast(
            case
                when net_km2 is null then null
                when area_source = 'DeepState' then period_days
                else least(area_to, period_end) - greatest(area_from, period_start) + 1
            end as integer
        ) as area_covered_days,
        area_is_bound,
        area_is_sum_of,
        area_source_urls,
        as_of,
        cast(confirmed_deaths as bigint) as confirmed_deaths,
        cast(confirmed_covered_days as integer) as confirmed_covered_days,
        round(probate_estimate, 1) as probate_estimate,
        probate_as_of,
        cast(probate_covered_days as integer) as probate_covered_days,
        cast(probate_forecast_days as integer) as probate_forecast_days,
        cast(claimed_casualties as bigint) as claimed_casualties,
        claims_as_of,
        cast(claims_covered_days as integer) as claims_covered_days,
        confirmed_deaths_per_km2,
        probate_estimate_per_km2,
        claimed_casualties_per_km2,
        round(completeness, 4) as completeness,
        nullif(
            concat_ws(
                '; ',
                no_signal,
                area_lacks,
                if(is_young, 'deaths still being confirmed', null),
                confirmed_lacks,
                probate_lacks,
                if(is_forecast, 'the probate estimate is partly a forecast on every day of it', null),
                claims_lack
            ),
            ''
        ) as suppressed_because,
        {{ losses_flagged_because() }} as flagged_because,
    from ratios

)

select * from final
