{#- ISO 8601 week such as 2024-W08. %G is the ISO year: with %Y, 2024-12-30 would become 2024-W01. -#}
{% macro iso_week(date_expression) -%}
    strftime({{ date_expression }}, '%G-W%V')
{%- endmacro %}
