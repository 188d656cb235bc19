with

sources as (

    select * from {{ ref('stg_provenance__sources') }}

),

claims_switch as (

    select * from {{ ref('int_claimed_losses_switch') }}

),

-- Where one source of the claims speaks for the other, both say so.
in_use as (

    select
        'claimed_losses' as source,
        printf(
            ' Stands still: later reports are those of claimed_losses_second, from %s on.', first_through + 1
        ) as remark,
    from claims_switch
    where is_second_in_use
    union all
    select
        'claimed_losses_second' as source,
        printf(' In use for the reports after %s, the last of claimed_losses.', first_through) as remark,
    from claims_switch
    where is_second_in_use

),

final as (

    select
        sources.source,
        sources.title,
        sources.publisher,
        sources.licence,
        sources.citation,
        sources.url,
        sources.origin,
        sources.last_observation,
        sources.last_pulled_at,
        cast(sources.row_count as bigint) as row_count,
        sources.upstream_ref,
        sources.cadence_days,
        -- A closed series (no cadence) cannot be late.
        coalesce(
            cast(now() at time zone 'UTC' as date) - sources.last_observation > sources.cadence_days, false
        ) as is_stale,
        sources.note || coalesce(in_use.remark, '') as note,
    from sources
    left join in_use on sources.source = in_use.source

)

select * from final
