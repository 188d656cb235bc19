-- Calendar months and years quoted by others from the same daily reports, against ours.

with

quoted as (

    select
        as_of_date,
        central as quoted_casualties,
        claimant,
        url,
        case
            when note like '%calendar year%' then date_trunc('year', as_of_date)
            else date_trunc('month', as_of_date)
        end as period_start,
    from {{ ref('estimates') }}
    where measure = 'killed_and_wounded_claimed' and note like 'flow:%'

),

computed as (

    select period_start, period_end, claimed_casualties
    from {{ ref('int_losses_by_period') }}
    where grain in ('month', 'year')

),

compared as (

    select
        quoted.*,
        computed.claimed_casualties,
        quoted.quoted_casualties / computed.claimed_casualties - 1 as relative_difference,
    from quoted
    inner join computed
        on
            quoted.period_start = computed.period_start
            and quoted.as_of_date = computed.period_end

)

select * from compared
where abs(relative_difference) > {{ threshold('reconcile_claims_share') }}
