{#-
    The series that a published area belongs to: one source, one definition, one scope. Claimed areas, Kursk Oblast and
    zones of infiltration are each said where they are counted or where nothing is said of them; figures of two series
    are never one.
-#}
{% macro area_series(source, definition, kursk_scope, infiltration_scope) -%}
    {{ source }}
    || case {{ definition }} when 'control_and_claimed' then ', with claimed areas' else '' end
    || case {{ kursk_scope }} when 'yes' then ', with Kursk' when 'unknown' then ', Kursk not said' else '' end
    || case {{ infiltration_scope }}
        when 'yes' then ', with infiltration zones'
        when 'no' then ', without infiltration zones'
        else ''
    end
{%- endmacro %}

{#- Yes, no and not said as true, false and null. -#}
{% macro said(scope) -%}
    case {{ scope }} when 'yes' then true when 'no' then false end
{%- endmacro %}
