{#- A claim's figure as it is published: a day as the number YYYYMMDD, the one form in which it fits beside figures. -#}
{% macro claim_figure_or_day(figure, day) -%}
    coalesce({{ figure }}, cast(strftime({{ day }}, '%Y%m%d') as double))
{%- endmacro %}
