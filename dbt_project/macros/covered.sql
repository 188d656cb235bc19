{#-
    A figure of a period of which its series covers these days. One that covers nearly all of it stands, with the days
    beside it; less than that is null, so that no part passes for the whole.
-#}
{% macro if_covered(figure, covered_days, period_days) -%}
    if({{ covered_days }} >= {{ threshold('period_covered_share') }} * {{ period_days }}, {{ figure }}, null)
{%- endmacro %}

{#- Why a figure cannot speak for a whole period; null where its series covers every day of it. -#}
{% macro not_wholly_covered(series, covered_days, period_days) -%}
    case
        when coalesce({{ covered_days }}, 0) = 0 then '{{ series }} does not cover the period'
        when {{ covered_days }} < {{ period_days }}
            then printf('{{ series }} covers %d of %d days', {{ covered_days }}, {{ period_days }})
    end
{%- endmacro %}

{#- That a figure rests on weeks which are partly a forecast; null where it does not. -#}
{% macro partly_forecast(forecast_days, covered_days) -%}
    if(
        {{ forecast_days }} > 0,
        printf(
            'probate estimate: %d of its %d days in weeks that are partly a forecast',
            {{ forecast_days }},
            {{ covered_days }}
        ),
        null
    )
{%- endmacro %}
