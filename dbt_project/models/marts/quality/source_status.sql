with

sources as (

    select * from {{ ref('stg_provenance__sources') }}

),

claims_switch as (

    select * from {{ ref('int_claimed_losses_switch') }}

),

final as (

    select
        source,
        title,
        publisher,
        licence,
        citation,
        url,
        origin,
        last_observation,
        last_pulled_at,
        cast(row_count as bigint) as row_count,
        upstream_ref,
        cadence_days,
        -- A closed series (no cadence) cannot be late.
        coalesce(cast(now() at time zone 'UTC' as date) - last_observation > cadence_days, false) as is_stale,
        note || case
            when not claims_switch.is_second_in_use then ''
            when source = 'claimed_losses'
                then printf(' Stands still: later reports are those of claimed_losses_second, from %s on.',
                    claims_switch.first_through + 1)
            when source = 'claimed_losses_second'
                then printf(' In use for the reports after %s, the last of claimed_losses.', claims_switch.first_through)
            else ''
        end as note,
    from sources
    cross join claims_switch

)

select * from final
