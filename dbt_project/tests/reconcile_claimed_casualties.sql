-- Months and years quoted by others from the same daily reports, by whichever convention they are nearer to.

with

quoted as (

    select
        *,
        least(
            abs(published_casualties - claimed_casualties),
            abs(published_casualties - claimed_casualties_by_report_date)
        ) / nullif(claimed_casualties, 0) as difference_share,
    from {{ ref('claimed_casualties_published') }}

)

select * from quoted
where difference_share > {{ threshold('reconcile_claims_share') }}
