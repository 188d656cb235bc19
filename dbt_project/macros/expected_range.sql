{#-
    The range around expected deaths, from reported and expected deaths and the variance of what is still missing: half
    to two and a half times the missing names, widened by counting noise. Names are added as a Poisson count, and the
    count they are scaled from is one too: its noise is carried up by the same factor, so a week's variance is
    missing x expected / reported. The lower end may lie under the reported count, for counts also fall.
-#}
{% macro expected_low(reported, expected, variance) -%}
    -- greatest() passes over nulls: nothing expected has no lower end either.
    if({{ expected }} is null, null, greatest(
        0,
        {{ reported }} + {{ threshold('expected_missing_low') }} * ({{ expected }} - {{ reported }})
        - {{ threshold('expected_noise_deviations') }} * sqrt({{ variance }})
    ))
{%- endmacro %}

{% macro expected_high(reported, expected, variance) -%}
    {{ reported }} + {{ threshold('expected_missing_high') }} * ({{ expected }} - {{ reported }})
    + {{ threshold('expected_noise_deviations') }} * sqrt({{ variance }})
{%- endmacro %}
