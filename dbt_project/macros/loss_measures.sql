{#-
    The measures of losses of a period, the same columns in the week, month and year marts. Selects from
    int_losses_by_period, one grain. Estimates are rounded to a tenth of a person: they carry no more.
-#}
{% macro loss_measures() -%}
    as_of,
    cast(age_days as integer) as age_days,
    cast(reported_deaths as integer) as confirmed_deaths,
    cast(sum(reported_deaths) over (order by period_start) as integer) as confirmed_deaths_cum,
    round(expected_deaths, 1) as expected_deaths_6m,
    round(expected_low, 1) as expected_low,
    round(expected_high, 1) as expected_high,
    round(completeness, 4) as completeness,
    status,
    round(estimated_deaths_low, 1) as estimated_deaths_low,
    round(estimated_deaths_high, 1) as estimated_deaths_high,
    round(probate_estimate, 1) as probate_estimate,
    probate_as_of,
    cast(claimed_casualties as integer) as claimed_casualties,
    later_as_of,
    cast(round(later_confirmed_deaths) as integer) as later_confirmed_deaths,
    later_is_exact,
    is_overtaken
{%- endmacro %}
