{#-
    One input of a claim's figure, as the measures list them in `inputs`: what it is, the date it carries, and, where it
    can be too old for the claim, how far it reaches and how far it would have to. An input that does not reach as far
    leaves the claim without a figure, and says so.
-#}
{% macro claim_input(input, as_of, reaches='null', needs='null') -%}
    {
        'input': {{ input }},
        'as_of': cast({{ as_of }} as date),
        'reaches': cast({{ reaches }} as date),
        'needs': cast({{ needs }} as date)
    }
{%- endmacro %}
