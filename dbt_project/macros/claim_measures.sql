{#-
    What a claim can be held against, by the name in its column `metric`: each is computed by one model,
    int_claim__<name>. A measure is added by its model and its name here; a claim of a known measure by its seed row.
-#}
{% macro claim_measures() -%}
    {{ return([
        'confirmed_named_cumulative',
        'confirmed_named_deaths',
        'confirmed_named_deaths_by_year',
        'coverage_rate',
        'date_of_max_daily_deaths',
        'estimated_killed',
        'killed_per_km2',
        'km2_gained',
        'printed_ratio',
        'rank_of_months',
        'rank_of_region',
        'rank_of_year',
        'ratio_of_periods',
        'recruits_minus_losses',
        'rising_months',
        'signup_bonus_rise',
        'weekly_deaths_lull',
        'weekly_deaths_pattern',
    ]) }}
{%- endmacro %}
