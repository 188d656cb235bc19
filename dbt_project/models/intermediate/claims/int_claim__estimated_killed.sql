-- What follows from the list and the coverage stated with it; the claim's series says whether the militias of Donbas
-- are added.

with

sides as (

    select * from {{ ref('int_claim_sides') }} where metric = 'estimated_killed'

),

totals as (

    select * from {{ ref('int_claim_totals') }}

),

published_estimates as (

    select * from {{ ref('estimates') }}

),

militias as (

    select
        as_of_date,
        low as militias_low,
        high as militias_high,
        {{ day_of_publication('published_on') }} as published_on,
    from published_estimates
    where measure = 'proxies_killed'

),

final as (

    select
        sides.claim_id,
        sides.side,
        round(totals.named_total / totals.coverage_high)
        + if(sides.series like '%+ proxies', militias.militias_low, 0) as low,
        round(totals.named_total / totals.coverage_low)
        + if(sides.series like '%+ proxies', militias.militias_high, 0) as high,
        if(
            militias.as_of_date is null,
            [totals.total_input],
            [
                totals.total_input,
                {{ claim_input("'militias_estimate'", 'coalesce(militias.published_on, militias.as_of_date)') }}
            ]
        ) as inputs,
    from sides
    inner join totals
        on
            sides.claim_id = totals.claim_id
            and sides.side = totals.side
    left join militias
        on
            sides.series like '%+ proxies'
            and sides.known_by >= coalesce(militias.published_on, militias.as_of_date)
    qualify row_number() over (partition by sides.claim_id, sides.side order by militias.as_of_date desc) = 1

)

select * from final
