{#-
    On which side of what a claim states the computed figure lies: above or below with all of it, else across; of a day,
    earlier or later. Null where it bears the claim out or there is none.
-#}
{% macro claim_stands(side, held) -%}
    {%- set low, high, day = side ~ '_low', side ~ '_upper', side ~ '_day' -%}
    case
        when {{ held }} is null or {{ held }} then null
        when {{ day }} > target_day then 'later'
        when {{ day }} < target_day then 'earlier'
        when kind = 'pair' and {{ low }} > target_low and {{ high }} > target_high then 'above'
        when kind = 'pair' and {{ low }} < target_low and {{ high }} < target_high then 'below'
        when kind = 'pair' then 'across'
        when {{ low }} > coalesce(target_high, 0) then 'above'
        when {{ high }} <= coalesce(target_low, 0) then 'below'
        else 'across'
    end
{%- endmacro %}
