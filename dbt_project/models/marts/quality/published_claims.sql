-- Claims of the article this project started from, and published ratios, computed twice: as known when they were
-- published and now. Verdicts follow from the figures and the tolerance of claim_rules, so they turn with the data.

with

claims as (

    select * from {{ ref('claims') }}

),

ratios as (

    select * from {{ ref('ratios_published') }}

),

rules as (

    select * from {{ ref('claim_rules') }}

),

vintages as (

    select * from {{ ref('int_vintages') }}

),

deaths as (

    select * from {{ ref('int_confirmed_deaths_by_vintage') }}

),

probate_estimates as (

    select * from {{ ref('stg_mediazona__probate_estimates') }} where is_newest_release

),

losses_per_km2 as (

    select * from {{ ref('losses_per_km2') }}

),

recruitment as (

    select * from {{ ref('recruitment_vs_losses') }}

),

tolls as (

    select * from {{ ref('toll_estimates') }}

),

signup_bonus as (

    select * from {{ ref('signup_bonus') }}

),

waves as (

    select * from {{ ref('waves_by_year') }}

),

current_vintage as (

    select * from vintages where is_current

),

-- A claim meets two vintages: the newest known on its day, and the newest there is.
sides as (

    select
        claims.*,
        'then' as side,
        max(vintages.as_of) as as_of,
    from claims
    left join vintages on claims.published_on >= vintages.as_of
    group by all

    union all

    select
        claims.*,
        'now' as side,
        current_vintage.as_of,
    from claims
    cross join current_vintage

),

confirmed_in_period as (

    select
        sides.claim_id,
        sides.side,
        sum(deaths.confirmed_deaths) as low,
        -- One claim states two years at once.
        sum(deaths.confirmed_deaths) filter (year(deaths.death_date) = year(sides.period_start)) as first_year,
        sum(deaths.confirmed_deaths) filter (year(deaths.death_date) = year(sides.period_end)) as last_year,
        any_value(sides.value_high > sides.value_low) as states_two_years,
    from sides
    inner join deaths
        on
            sides.as_of = deaths.as_of
            and deaths.death_date between sides.period_start and sides.period_end
    where sides.metric = 'confirmed_named_deaths'
    group by sides.claim_id, sides.side

),

deadliest_day as (

    select
        sides.claim_id,
        sides.side,
        -- A date is given as the number YYYYMMDD; of several as deadly, the first.
        cast(
            strftime(min_by(deaths.death_date, row(-deaths.confirmed_deaths, deaths.death_date)), '%Y%m%d') as double
        ) as low,
    from sides
    inner join deaths
        on
            sides.as_of = deaths.as_of
            and year(sides.period_start) = year(deaths.death_date)
    where sides.metric = 'date_of_max_daily_deaths'
    group by sides.claim_id, sides.side

),

calendar_years as (

    select
        as_of,
        year(death_date) as death_year,
        sum(confirmed_deaths) as confirmed_deaths,
        rank() over (partition by as_of order by sum(confirmed_deaths) desc) as year_rank,
    from deaths
    group by as_of, year(death_date)

),

-- Figures that stand by themselves, by the vintage and the period they are of; null where they hold for any.
figures as (

    select
        'confirmed_named_cumulative' as metric,
        as_of,
        cast(null as date) as period_start,
        cast(null as date) as period_end,
        named_total as low,
        cast(null as double) as high,
    from vintages

    union all by name

    select
        case method
            when 'named list / coverage band' then 'estimated_killed'
            when 'named list / coverage band + proxies' then 'estimated_killed_incl_proxies'
        end as metric,
        as_of,
        low,
        high,
    from tolls
    where is_derived

    union all by name

    select
        'weekly_deaths_pattern' as metric,
        as_of,
        max(lowest_8_weeks_over_mean) filter (death_year = 2024)
        - max(lowest_8_weeks_over_mean) filter (death_year in (2022, 2023)) as low,
    from waves
    group by as_of

    union all by name

    select
        'rank_of_year' as metric,
        as_of,
        make_date(death_year, 12, 31) as period_end,
        year_rank as low,
    from calendar_years

    union all by name

    select
        'ratio_2024_to_' || denominator.death_year as metric,
        denominator.as_of,
        numerator.confirmed_deaths / nullif(denominator.confirmed_deaths, 0) as low,
    from calendar_years as denominator
    inner join calendar_years as numerator
        on
            denominator.as_of = numerator.as_of
            and numerator.death_year = 2024

    union all by name

    select
        'km2_gained' as metric,
        period_start,
        period_end,
        net_km2 as low,
    from losses_per_km2
    where area_source = 'DeepState'

    union all by name

    select
        'recruits_minus_losses' as metric,
        period_start,
        period_end,
        recruits_minus_claimed_casualties_low as low,
        recruits_minus_claimed_casualties_high as high,
    from recruitment
    where basis = 'federal_budget'

),

deaths_per_area as (

    select
        sides.claim_id,
        sides.side,
        sides.value_high is not null as is_range,
        sum(deaths.confirmed_deaths) / any_value(losses_per_km2.net_km2) as named_per_km2,
        named_per_km2 * any_value(vintages.deaths_per_dated_name_high) as band_high_per_km2,
        any_value(losses_per_km2.probate_estimate_per_km2) as probate_per_km2,
    from sides
    inner join losses_per_km2
        on
            sides.period_start = losses_per_km2.period_start
            and sides.period_end = losses_per_km2.period_end
    inner join vintages on sides.as_of = vintages.as_of
    inner join deaths
        on
            sides.as_of = deaths.as_of
            and deaths.death_date between sides.period_start and sides.period_end
    where sides.metric = 'killed_per_km2' and losses_per_km2.area_source = 'ISW'
    group by sides.claim_id, sides.side, sides.value_high

),

computed as (

    select
        claim_id,
        side,
        if(states_two_years, first_year, low)::double as low,
        if(states_two_years, last_year, null)::double as high,
    from confirmed_in_period

    union all by name

    select * from deadliest_day

    union all by name

    select
        sides.claim_id,
        sides.side,
        figures.low,
        figures.high,
    from sides
    inner join figures
        on
            sides.metric = figures.metric
            and sides.as_of is not distinct from coalesce(figures.as_of, sides.as_of)
            and sides.period_start = coalesce(figures.period_start, sides.period_start)
            and sides.period_end = coalesce(figures.period_end, sides.period_end)

    union all by name

    select
        sides.claim_id,
        sides.side,
        sum(probate_estimates.documented_deaths) / sum(probate_estimates.probate_estimate) as low,
    from sides
    inner join probate_estimates on sides.side = 'now' or sides.published_on >= probate_estimates.as_of
    where sides.metric = 'coverage_rate'
    group by sides.claim_id, sides.side

    union all by name

    select
        claim_id,
        side,
        case when side = 'now' then probate_per_km2 when is_range then named_per_km2 else band_high_per_km2 end as low,
        if(is_range and side = 'then', band_high_per_km2, null) as high,
    from deaths_per_area

    union all by name

    select
        sides.claim_id,
        sides.side,
        min(signup_bonus.amount_rub) as low,
        max(signup_bonus.amount_rub) as high,
    from sides
    inner join signup_bonus on sides.period_end >= signup_bonus.date
    where
        sides.metric = 'signup_bonus'
        and signup_bonus.region = 'RU'
        and signup_bonus.measure = 'bonus'
    group by sides.claim_id, sides.side

    union all by name

    select
        ratios.ratio_id as claim_id,
        unnest(['then', 'now']) as side,
        -- Per km of advance is no ratio to an area.
        if(ratios.ratio_name like '%_per_km2', ratios.numerator / ratios.denominator_km2, null) as low,
    from ratios

),

stated as (

    select
        claim_id,
        statement as claim,
        source as claimed_by,
        published_on,
        unit,
        value_low as stated_low,
        value_high as stated_high,
        url as source_url,
        cast(null as varchar) as note,
    from claims

    union all

    select
        ratio_id as claim_id,
        printf(
            '%s, %s to %s',
            replace(replace(ratio_name, '_per_km2', '_per_km²'), '_', ' '),
            period_start,
            period_end
        ) as claim,
        claimant as claimed_by,
        published_on,
        case
            when ratio_name like '%_per_km2' then 'persons_per_km2'
            else 'persons_per_km'
        end as unit,
        coalesce(value, value_low) as stated_low,
        value_high as stated_high,
        url as source_url,
        note,
    from ratios

),

compared as (

    select
        stated.*,
        rules.* exclude (claim_id),
        coalesce(stated.stated_low, rules.stated_value) as target_low,
        coalesce(stated.stated_high, target_low) as target_high,
        computed_then.low as then_low,
        coalesce(computed_then.high, computed_then.low) as then_high,
        computed_now.low as now_low,
        computed_now.high as now_high,
        coalesce(computed_now.high, computed_now.low) as now_upper,
        if(computed_then.low is null or rules.kind = 'printed_ratio', null, sides.as_of) as as_of_then,
        if(computed_now.low is null or rules.kind = 'printed_ratio', null, current_vintage.as_of) as as_of_now,
        {{ claim_holds('then_low', 'then_high') }} as held_then,
        {{ claim_holds('now_low', 'now_upper') }} as holds_now,
    from stated
    cross join current_vintage
    left join rules on stated.claim_id = rules.claim_id
    left join sides
        on
            stated.claim_id = sides.claim_id
            and sides.side = 'then'
    left join computed as computed_then
        on
            stated.claim_id = computed_then.claim_id
            and computed_then.side = 'then'
    left join computed as computed_now
        on
            stated.claim_id = computed_now.claim_id
            and computed_now.side = 'now'

),

judged as (

    select
        *,
        case
            when kind = 'not_numeric' then 'not_numeric'
            when kind = 'not_covered' or now_low is null then 'not_derivable'
            -- Only a later method gives it: it did not follow from what stood beside it.
            when kind = 'at_least' and held_then is false and holds_now and method_then <> method_now
                then 'not_derivable'
            when holds_now then 'reproduced'
            when kind = 'printed_ratio' then 'not_derivable'
            when held_then then 'superseded'
            -- The list only began below the stated figure and has passed it.
            when kind in ('count', 'range') and then_low < target_low and now_low > target_high then 'superseded'
            when definition is not null then 'definition_differs'
            else 'not_derivable'
        end as verdict,
    from compared

),

final as (

    select
        claim_id,
        claim,
        claimed_by,
        published_on,
        unit,
        stated_low,
        stated_high,
        as_of_then,
        cast(then_low as double) as computed_then,
        cast(nullif(then_high, then_low) as double) as computed_then_high,
        method_then as computed_then_from,
        as_of_now,
        cast(now_low as double) as computed_now,
        cast(now_high as double) as computed_now_high,
        method_now as computed_now_from,
        tolerance,
        verdict,
        concat_ws(
            ' ',
            case
                when kind = 'not_numeric' then 'No figure could decide it.'
                when kind = 'not_covered' then null
                when now_low is null then 'Its inputs are not printed with it, so it cannot be computed again.'
                when kind = 'printed_ratio'
                    then printf(
                        'The printed inputs give %s, printed is %s%s',
                        {{ claim_figure('now_low', 'now_upper') }},
                        {{ claim_figure('target_low', 'target_high') }},
                        if(holds_now, '.', ': a slip, for more than rounding lies between them.')
                    )
                else concat_ws(
                    ' ',
                    printf('Stated: %s.', coalesce({{ claim_figure('target_low', 'target_high') }}, 'above zero')),
                    coalesce(
                        printf(
                            'Then%s: %s, from %s.',
                            coalesce(' (as of ' || as_of_then || ')', ''),
                            {{ claim_figure('then_low', 'then_high') }},
                            method_then
                        ),
                        'Then: ' || method_then || '.'
                    ),
                    printf(
                        'Now (as of %s): %s, from %s.',
                        as_of_now,
                        {{ claim_figure('now_low', 'now_upper') }},
                        if(method_now = method_then, 'the same', method_now)
                    ),
                    if(tolerance > 0, printf('Allowed: %s %%.', format('{:.0f}', tolerance * 100)), null)
                )
            end,
            case
                when kind = 'printed_ratio' then null
                when verdict = 'superseded' and held_then then 'It was right then and is not any more.'
                when verdict = 'superseded' then 'What is computed now lies above what was stated.'
                when holds_now and held_then is false then 'It did not hold then, computed like this, and does now.'
            end,
            definition,
            if(note is null, null, 'Note: ' || note || '.')
        ) as explanation,
        source_url,
    from judged

)

select * from final
