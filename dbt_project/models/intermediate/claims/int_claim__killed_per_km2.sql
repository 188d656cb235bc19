-- Deaths in the claim's period over the area printed beside it. The claim's basis on either side says which deaths: the
-- list at the upper end of the coverage band, the list itself up to that end, or the probate estimate.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'killed_per_km2'

),

banded_deaths as (

    select * from {{ ref('int_claim_banded_deaths') }}

),

probate_estimates as (

    select * from {{ ref('int_claim_probate_estimates') }}

),

killed as (

    select
        sides.claim_id,
        sides.side,
        sides.printed_denominator,
        if(sides.basis = 'names_to_coverage_band', banded_deaths.confirmed_deaths, banded_deaths.band_high) as low,
        banded_deaths.band_high as high,
        [banded_deaths.total_input, banded_deaths.data_input] as inputs,
    from sides
    inner join banded_deaths
        on
            sides.claim_id = banded_deaths.claim_id
            and sides.side = banded_deaths.side
    where sides.basis in ('coverage_band', 'names_to_coverage_band')

    union all

    select
        sides.claim_id,
        sides.side,
        sides.printed_denominator,
        probate_estimates.low,
        probate_estimates.high,
        [probate_estimates.data_input, probate_estimates.release_input] as inputs,
    from sides
    inner join probate_estimates
        on
            sides.claim_id = probate_estimates.claim_id
            and sides.side = probate_estimates.side
    where sides.basis = 'probate_estimate'

),

final as (

    select
        claim_id,
        side,
        low / printed_denominator as low,
        high / printed_denominator as high,
        inputs,
    from killed

)

select * from final
