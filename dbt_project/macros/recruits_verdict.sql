{#- A range of recruits against claimed casualties; an open end allows only the verdict that the other end proves. -#}
{% macro recruits_verdict(low, high, casualties) -%}
    case
            when {{ low }} > {{ casualties }} then 'exceeds'
            when {{ high }} < {{ casualties }} then 'below'
            when {{ low }} <= {{ casualties }} and {{ high }} >= {{ casualties }} then 'overlaps'
            else 'unknown'
        end
{%- endmacro %}
