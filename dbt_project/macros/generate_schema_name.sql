{#- Layers are schemas of the warehouse by their own names, without dbt's target prefix: there is one target. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
