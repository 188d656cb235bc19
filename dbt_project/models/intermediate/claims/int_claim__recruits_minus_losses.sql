-- Neither is revised here, so both sides are one figure. The claim's series names the basis of the recruits.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'recruits_minus_losses'

),

recruitment as (

    select * from {{ ref('recruitment_vs_losses') }}

),

final as (

    select
        sides.claim_id,
        sides.side,
        recruitment.recruits_minus_claimed_casualties_low as low,
        recruitment.recruits_minus_claimed_casualties_high as high,
    from sides
    inner join recruitment
        on
            sides.series = recruitment.basis
            and sides.period_start = recruitment.period_start
            and sides.period_end = recruitment.period_end

)

select * from final
