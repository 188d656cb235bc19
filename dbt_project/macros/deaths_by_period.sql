{#- The mart of one grain of calendar periods: month, quarter, half or year. They differ in nothing else. -#}
{% macro deaths_by_period(grain) -%}
with

losses as (

    select * from {{ ref('int_losses_by_period') }} where grain = '{{ grain }}'

),

final as (

    select
        period,
        period_start,
        period_end,
        is_partial as is_partial_period,
        {{ loss_measures() }},
    from losses
    where period_start <= data_through

)

select * from final
{%- endmacro %}
