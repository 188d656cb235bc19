{#- The value of a threshold or parameter by its name; vars.yml gives its unit and reason. -#}
{% macro threshold(name) -%}
    {{ return(var(name).value) }}
{%- endmacro %}
