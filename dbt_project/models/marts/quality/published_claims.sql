-- The claims of the article this project started from, recomputed from today's figures. What was computable when a
-- claim was published, and the verdict, are not filled yet.

with

claims as (

    select * from {{ ref('claims') }}

),

vintages as (

    select * from {{ ref('int_vintages') }}

),

current_vintage as (

    select * from vintages where is_current

),

deaths as (

    select * from {{ ref('deaths_by_day') }}

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

calendar_years as (

    select
        year(death_date) as death_year,
        sum(confirmed_deaths) as confirmed_deaths,
        rank() over (order by sum(confirmed_deaths) desc) as year_rank,
    from deaths
    group by year(death_date)

),

confirmed_in_period as (

    select
        claims.claim_id,
        sum(deaths.confirmed_deaths) as computed,
    from claims
    inner join deaths on deaths.death_date between claims.period_start and claims.period_end
    cross join current_vintage
    where
        claims.metric = 'confirmed_named_deaths'
        and claims.period_end <= current_vintage.data_through
    group by claims.claim_id

),

deadliest_day as (

    select
        claims.claim_id,
        -- A date is given as the number YYYYMMDD.
        cast(strftime(max_by(deaths.death_date, deaths.confirmed_deaths), '%Y%m%d') as double) as computed,
    from claims
    inner join deaths on year(claims.period_start) = year(deaths.death_date)
    where claims.metric = 'date_of_max_daily_deaths'
    group by claims.claim_id

),

newest_toll as (

    select
        method,
        max_by(low, as_of) as low,
        max_by(high, as_of) as high,
    from tolls
    where is_derived
    group by method

),

computed as (

    select
        claim_id,
        computed,
        null::double as computed_high,
        'confirmed deaths in the period' as computed_from,
    from confirmed_in_period

    union all by name

    select
        claim_id,
        computed,
        'confirmed deaths by day of that year' as computed_from,
    from deadliest_day

    union all by name

    select
        claims.claim_id,
        numerator.confirmed_deaths / denominator.confirmed_deaths as computed,
        'confirmed deaths by calendar year' as computed_from,
    from claims
    inner join calendar_years as numerator on numerator.death_year = 2024
    inner join calendar_years as denominator on claims.metric = 'ratio_2024_to_' || denominator.death_year

    union all by name

    select
        claims.claim_id,
        calendar_years.year_rank as computed,
        'confirmed deaths by calendar year' as computed_from,
    from claims
    inner join calendar_years on calendar_years.death_year = year(claims.period_end)
    where claims.metric = 'rank_of_year'

    union all by name

    select
        claims.claim_id,
        current_vintage.named_total as computed,
        'named total of the newest vintage' as computed_from,
    from claims
    cross join current_vintage
    where claims.metric = 'confirmed_named_cumulative'

    union all by name

    select
        claims.claim_id,
        newest_toll.low as computed,
        newest_toll.high as computed_high,
        newest_toll.method as computed_from,
    from claims
    inner join newest_toll
        on newest_toll.method = case claims.metric
            when 'estimated_killed' then 'named list / coverage band'
            when 'estimated_killed_incl_proxies' then 'named list / coverage band + proxies'
        end

    union all by name

    select
        claims.claim_id,
        sum(probate_estimates.documented_deaths) / sum(probate_estimates.probate_estimate) as computed,
        'documented deaths over the probate estimate, whole war' as computed_from,
    from claims
    cross join probate_estimates
    where claims.metric = 'coverage_rate'
    group by claims.claim_id

    union all by name

    select
        claims.claim_id,
        losses_per_km2.probate_estimate_per_km2 as computed,
        'probate estimate over the area published by ISW, Kursk included' as computed_from,
    from claims
    inner join losses_per_km2
        on
            claims.period_start = losses_per_km2.period_start
            and claims.period_end = losses_per_km2.period_end
    where claims.metric = 'killed_per_km2' and losses_per_km2.area_source = 'ISW'

    union all by name

    select
        claims.claim_id,
        losses_per_km2.net_km2 as computed,
        'net area by DeepState, Ukraine only' as computed_from,
    from claims
    inner join losses_per_km2
        on
            claims.period_start = losses_per_km2.period_start
            and claims.period_end = losses_per_km2.period_end
    where claims.metric = 'km2_gained' and losses_per_km2.area_source = 'DeepState'

    union all by name

    select
        claims.claim_id,
        recruitment.recruits_minus_claimed_casualties_low as computed,
        recruitment.recruits_minus_claimed_casualties_high as computed_high,
        'federal-budget recruits minus claimed casualties' as computed_from,
    from claims
    inner join recruitment
        on
            claims.period_start = recruitment.period_start
            and claims.period_end = recruitment.period_end
    where claims.metric = 'recruits_minus_losses' and recruitment.basis = 'federal_budget'

    union all by name

    select
        claims.claim_id,
        min(signup_bonus.amount_rub) as computed,
        max(signup_bonus.amount_rub) as computed_high,
        'federal sign-up bonus in the collected decrees' as computed_from,
    from claims
    inner join signup_bonus on claims.period_end >= signup_bonus.date
    where
        claims.metric = 'signup_bonus'
        and signup_bonus.region = 'RU'
        and signup_bonus.measure = 'bonus'
    group by claims.claim_id

),

final as (

    select
        claims.claim_id,
        claims.statement as claim,
        claims.source as claimed_by,
        claims.published_on,
        claims.unit,
        claims.value_low as stated_low,
        claims.value_high as stated_high,
        cast(null as date) as as_of_then,
        cast(null as double) as computed_then,
        if(computed.claim_id is null, null, current_vintage.as_of) as as_of_now,
        cast(computed.computed as double) as computed_now,
        cast(computed.computed_high as double) as computed_now_high,
        computed.computed_from as computed_now_from,
        cast(null as varchar) as verdict,
        cast(null as varchar) as explanation,
        claims.url as source_url,
    from claims
    cross join current_vintage
    left join computed on claims.claim_id = computed.claim_id

)

select * from final
