{#-
    Whether a computed figure or range bears out what a claim states (target_low to target_high), by the kind of its
    rule. A range and a count must meet at both ends; one figure stated or computed alone must lie within the other.
-#}
{% macro claim_holds(low, high) -%}
    case
        when {{ low }} is null then null
        when rules.kind = 'exact' then {{ low }} = target_low
        when rules.kind = 'positive' then {{ low }} > 0
        when rules.kind = 'at_least' then {{ high }} >= target_low
        when rules.kind = 'printed_ratio' then {{ low }} between target_low - rules.tolerance and target_high + rules.tolerance
        when {{ low }} = {{ high }}
            then {{ low }} between target_low * (1 - rules.tolerance) and target_high * (1 + rules.tolerance)
        else
            abs({{ low }} / target_low - 1) <= rules.tolerance
            and abs({{ high }} / target_high - 1) <= rules.tolerance
    end
{%- endmacro %}

{#- A figure or range in words: whole where large, two decimals where small. -#}
{% macro claim_figure(low, high) -%}
    if({{ low }} is null, null, concat(
        if(abs({{ low }}) >= 1000 or {{ low }} = round({{ low }}), format('{:.0f}', {{ low }}::double), format('{:.2f}', {{ low }}::double)),
        if({{ high }} = {{ low }}, '', concat(
            ' to ',
            if(abs({{ high }}) >= 1000 or {{ high }} = round({{ high }}), format('{:.0f}', {{ high }}::double), format('{:.2f}', {{ high }}::double))
        ))
    ))
{%- endmacro %}
