{#-
    Whether a figure, range or day computed for a side (then, now) bears out what a claim states (target_low to
    target_high, or target_day). The claim's kind decides the test. Of a range both ends must meet, but one figure stated
    or computed alone must lie within the other; a pair is two counts, each of which must meet.
-#}
{% macro claim_holds(side) -%}
    {%- set low, high, day = side ~ '_low', side ~ '_upper', side ~ '_day' -%}
    case
        when {{ low }} is null and {{ day }} is null then null
        when kind = 'date' then {{ day }} = target_day
        when kind = 'rank' then {{ low }} = target_low
        when kind = 'positive' then {{ low }} > 0
        when kind = 'more_than' then {{ low }} > target_low
        when kind = 'at_least' then {{ low }} >= target_low
        when kind = 'nearly' then {{ low }} >= target_low * (1 - tolerance) and {{ high }} <= target_low
        when kind = 'printed_ratio' then {{ low }} between target_low - tolerance and target_high + tolerance
        when kind <> 'pair' and {{ low }} = {{ high }}
            then {{ low }} between target_low * (1 - tolerance) and target_high * (1 + tolerance)
        else
            abs({{ low }} / target_low - 1) <= tolerance
            and abs({{ high }} / target_high - 1) <= tolerance
    end
{%- endmacro %}
