with

method_breaks as (

    select * from {{ ref('method_breaks_curated') }}

),

final as (

    select
        source,
        break_date,
        what_changed,
        source_url,
    from method_breaks

)

select * from final
