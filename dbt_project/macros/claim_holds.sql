{#-
    Whether a figure, range or day computed for a side (then, now) bears out what a claim states (target_low to
    target_high, or target_day), by the claim's kind. A range and a count must meet at both ends; one figure stated or
    computed alone must lie within the other.
-#}
{% macro claim_holds(side) -%}
    {%- set low, high, day = side ~ '_low', side ~ '_upper', side ~ '_day' -%}
    case
        when {{ low }} is null and {{ day }} is null then null
        when kind = 'exact' then coalesce({{ day }} = target_day, {{ low }} = target_low)
        when kind = 'positive' then {{ low }} > 0
        when kind = 'at_least' then {{ high }} >= target_low
        when kind = 'printed_ratio' then {{ low }} between target_low - tolerance and target_high + tolerance
        when {{ low }} = {{ high }}
            then {{ low }} between target_low * (1 - tolerance) and target_high * (1 + tolerance)
        else
            abs({{ low }} / target_low - 1) <= tolerance
            and abs({{ high }} / target_high - 1) <= tolerance
    end
{%- endmacro %}
