-- Published estimates and what follows from our own figures, side by side and never averaged.

with

published as (

    select * from {{ ref('int_toll_estimates_published') }}

),

computed as (

    select * from {{ ref('int_toll_estimates_computed') }}

),

by_band as (

    select * from {{ ref('int_toll_estimates_by_band') }}

),

final as (

    select * from published
    union all by name
    select * from computed
    union all by name
    select * from by_band

)

select * from final
