{#- A limit by its name, from the seed that gives its unit and reason. -#}
{% macro limit_of(limit_name) -%}
    (select limits.limit_value from {{ ref('limits') }} as limits where limits.limit_name = '{{ limit_name }}')
{%- endmacro %}
