{#- To what a printed figure is rounded, as its zeros tell: it is known to its last digit that is not zero. -#}
{% macro rounded_to(figure) -%}
    power(10, length(cast({{ figure }} as varchar)) - length(rtrim(cast({{ figure }} as varchar), '0')))
{%- endmacro %}
