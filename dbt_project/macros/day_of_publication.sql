{#-
    The day a statement is known to have been public: its day of publication, or of one that is known by its month
    (2024-02) the month's last day. Null where neither is known.
-#}
{% macro day_of_publication(published_on) -%}
    coalesce(
        try_cast({{ published_on }} as date),
        last_day(try_cast(left({{ published_on }}, 7) || '-01' as date))
    )
{%- endmacro %}
