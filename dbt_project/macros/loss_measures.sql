{#-
    The measures of losses of a period, the same columns in the week, month, quarter, half-year and year marts. Selects
    from int_losses_by_period, one grain. Estimates are rounded to a tenth of a person: they carry no more.
-#}
{% macro loss_measures() -%}
    cast(period_days as integer) as period_days,
    as_of,
    cast(age_days as integer) as age_days,
    cast(confirmed_deaths as integer) as confirmed_deaths,
    cast(confirmed_covered_days as integer) as confirmed_covered_days,
    cast(sum(confirmed_deaths) over (order by period_start) as integer) as confirmed_deaths_cum,
    round(expected_deaths, 1) as expected_deaths_6m,
    round(expected_low, 1) as expected_low,
    round(expected_high, 1) as expected_high,
    round(completeness, 4) as completeness,
    status,
    round(probate_estimate, 1) as probate_estimate,
    probate_as_of,
    cast(probate_covered_days as integer) as probate_covered_days,
    cast(probate_forecast_days as integer) as probate_forecast_days,
    cast(claimed_casualties as integer) as claimed_casualties,
    claims_as_of,
    cast(claims_covered_days as integer) as claims_covered_days,
    later_as_of,
    cast(round(later_confirmed_deaths) as integer) as later_confirmed_deaths,
    later_is_exact,
    is_overtaken
{%- endmacro %}
