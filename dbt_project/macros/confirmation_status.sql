{#-
    How far confirmation of a period has come: reported_only where nothing is expected of it, frozen while the newest
    step of the list is a break that nobody has reviewed, else by age.
-#}
{% macro confirmation_status(has_expected, age_days, is_frozen) -%}
    case
        when not ({{ has_expected }}) then 'reported_only'
        when {{ is_frozen }} then 'frozen'
        when {{ age_days }} < {{ threshold('confirmation_days') }} then 'provisional'
        else 'usable'
    end
{%- endmacro %}
