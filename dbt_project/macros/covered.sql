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

{#-
    What the losses of a row rest on that asks for care: figures of a part of the period, and weeks that are partly a
    forecast. Null where there is nothing.
-#}
{% macro losses_flagged_because() -%}
    nullif(
        concat_ws(
            '; ',
            if(
                confirmed_covered_days < period_days and confirmed_deaths is not null,
                printf('confirmed deaths of %d of %d days', confirmed_covered_days, period_days),
                null
            ),
            if(
                probate_covered_days < period_days and probate_estimate is not null,
                printf('probate estimate of %d of %d days', probate_covered_days, period_days),
                null
            ),
            if(
                probate_forecast_days > 0 and probate_estimate is not null,
                printf(
                    'probate estimate partly a forecast on %d of its %d days',
                    probate_forecast_days,
                    probate_covered_days
                ),
                null
            ),
            if(
                claims_covered_days < period_days and claimed_casualties is not null,
                printf('claimed casualties of %d of %d days', claims_covered_days, period_days),
                null
            )
        ),
        ''
    )
{%- endmacro %}
