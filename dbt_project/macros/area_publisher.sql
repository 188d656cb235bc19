{#-
    Whose figure of area it is, with the data it is drawn from. ISW prints totals that count Kursk Oblast; what others
    draw from its data for Ukraine only bears another name, so that one name is one figure.
-#}
{% macro area_publisher(claimant, basis) -%}
    case
        when {{ claimant }} = 'AFP analysis of ISW' then 'AFP/ISW'
        when {{ claimant }} = 'ISW' and {{ basis }} = 'ISW geolocated assessment, Ukraine only' then 'ISW, Ukraine only'
        when {{ claimant }} <> 'ISW' and {{ basis }} like 'ISW data%' then {{ claimant }} || '/ISW'
        else {{ claimant }}
    end
{%- endmacro %}
