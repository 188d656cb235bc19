-- Published areas of the two that publish a series. What others say stays in the curated file.

with

published as (

    select * from {{ ref('stg_curated__territory_published') }}

),

named as (

    select
        *,
        case claimant
            when 'ISW' then 'ISW'
            when 'AFP analysis of ISW' then 'AFP/ISW'
        end as area_source,
    from published
    where
        claimant in ('ISW', 'AFP analysis of ISW')
        and kursk_scope <> 'kursk only'

),

final as (

    select
        *,
        {{ area_series('area_source', 'definition', 'kursk_scope', 'infiltration_scope') }} as area_series,
    from named

)

select * from final
