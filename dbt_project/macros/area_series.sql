{#-
    The series that a published area belongs to: of one source, figures with Kursk Oblast, without it and those that do
    not say are three series, never one.
-#}
{% macro area_series(source, kursk_scope) -%}
    {{ source }} || case {{ kursk_scope }} when 'yes' then ', with Kursk' when 'unknown' then ', Kursk not said' else '' end
{%- endmacro %}
