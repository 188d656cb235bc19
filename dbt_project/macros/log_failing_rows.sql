{#-
    Says which rows failed: dbt itself only counts them. Call it once at the end of a run,
    `on-run-end: "{{ log_failing_rows(results) }}"`. At most five rows a test and 160 characters a value, to stay readable.
-#}
{% macro log_failing_rows(results) %}
    {%- for result in results if result.node.resource_type == 'test' and result.status in ('fail', 'warn') %}
        {%- set rows = run_query('select * from (' ~ result.node.compiled_code ~ ') limit 5').rows %}
        {%- do log(result.status ~ ' ' ~ result.node.name ~ ': ' ~ (result.node.description | trim), info=true) %}
        {%- for row in rows %}
            {%- set cells = [] %}
            {%- for name, value in row.items() if value is not none and value | string | length > 0 %}
                {%- do cells.append(name ~ '=' ~ (value | string | truncate(160))) %}
            {%- endfor %}
            {%- do log('    ' ~ (cells | join(', ')), info=true) %}
        {%- endfor %}
    {%- endfor %}
{% endmacro %}
