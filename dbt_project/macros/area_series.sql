{#- A series of areas by its source and scope: figures with and without Kursk Oblast are two series. -#}
{% macro area_series() -%}
    area_source || if(includes_kursk, ', with Kursk', '')
{%- endmacro %}
