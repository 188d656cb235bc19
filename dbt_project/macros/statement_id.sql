{#- What identifies a curated row: a hash of the columns that no two rows share. It stays while they stay. -#}
{% macro statement_id(columns) -%}
    substr(md5(concat_ws('|'{% for column in columns %}, coalesce(cast({{ column }} as varchar), ''){% endfor %})), 1, 10)
{%- endmacro %}
