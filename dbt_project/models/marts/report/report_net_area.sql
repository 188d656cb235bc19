-- Every month from the first with a net area to the last, those without one too: a gap is not a calm.

with

months as (

    select * from {{ ref('losses_per_km2') }} where grain = 'month'

),

covered as (

    select
        min(period_start) as first_month,
        max(period_start) as last_month,
    from months
    where net_km2 is not null

),

final as (

    select
        months.period,
        months.period_start,
        months.period_end,
        months.area_source,
        months.area_series as area,
        months.area_definition,
        months.net_km2,
        months.gained_km2,
        months.lost_km2,
        months.area_is_bound,
        months.area_claimant,
        months.area_source_urls,
    from months
    inner join covered on months.period_start between covered.first_month and covered.last_month

)

select * from final
