with

source as (

    select * from {{ source('observations', 'source_provenance') }}

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
        row_count,
        upstream_ref,
        cadence_days,
        alarm_days,
        note,
    from source

)

select * from final
