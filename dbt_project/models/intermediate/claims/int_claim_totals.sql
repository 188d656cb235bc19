-- The newest named total known on either side of a claim. One stated on the very day of a claim may be the claim itself
-- and proves nothing about it.

with

sides as (

    select *
    from {{ ref('int_claim_sides') }}
    where metric in ('confirmed_named_cumulative', 'estimated_killed', 'killed_per_km2')

),

named_totals as (

    select * from {{ ref('int_named_totals') }} where is_exact and as_of_precision = 'day'

),

coverage_band as (

    select * from {{ ref('coverage_band') }}

),

-- The band was stated for the list as it was between two days.
banded as (

    select
        named_totals.as_of,
        named_totals.named_total,
        named_totals.source,
        coverage_band.coverage_low,
        coverage_band.coverage_high,
        coverage_band.coverage_low is not null as has_band,
    from named_totals
    left join coverage_band
        on
            named_totals.as_of >= coverage_band.valid_from
            and named_totals.as_of < coalesce(coverage_band.valid_to, date '9999-12-31')

),

candidates as (

    select
        sides.claim_id,
        sides.side,
        sides.published_on,
        sides.known_by,
        banded.*,
        max(banded.as_of) over (partition by sides.claim_id, sides.side) as totals_end,
    from sides
    inner join banded
        on
            (banded.source <> 'estimates' or sides.published_on <> banded.as_of)
            and (sides.metric = 'confirmed_named_cumulative' or banded.has_band)
            -- What a dated name stands for only a total tells that was noted with a copy by day.
            and (sides.metric <> 'killed_per_km2' or banded.source = 'confirmed_deaths')

),

-- A total stands until the next: the series must have gone on to the claim's day.
final as (

    select
        claim_id,
        side,
        as_of,
        named_total,
        coverage_low,
        coverage_high,
        {{ claim_input("'named_total'", 'as_of', 'totals_end', 'published_on') }} as total_input,
    from candidates
    where known_by >= as_of
    qualify row_number() over (partition by claim_id, side order by as_of desc) = 1

)

select * from final
