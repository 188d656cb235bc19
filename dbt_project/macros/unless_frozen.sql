{#-
    An expected figure for the page, null while it is frozen: read across a break that nobody has reviewed, it would
    mislead whoever sees the drawing alone. The marts keep it beside its status.
-#}
{% macro unless_frozen(figure) -%}
    if(status = 'frozen', null, {{ figure }})
{%- endmacro %}
