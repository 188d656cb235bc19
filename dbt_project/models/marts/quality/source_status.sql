with

sources as (

    select * from {{ ref('stg_provenance__sources') }}

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
        note,
    from sources

)

select * from final
