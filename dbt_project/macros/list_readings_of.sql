{#-
    What each reading of the list (int_list_readings) says of some windows of days of death, one row a window and
    reading that knows a day of it: the windows' own columns, then reading, as_of, publisher, source_url and

      confirmed_deaths  names dated within the window, as far as the reading goes; weeks across a bound are cut, spread
                        evenly over their days
      is_exact          whether no week was cut
      covered_through   last day of the window that the reading covers
      covered_days, window_days
                        days of the window that the reading covers, and all since the war began; a reading answers for
                        the window only where both are equal

    windows: a relation or CTE with window_start and window_end (both included) and further columns, one row a window.
    readings: int_list_readings or a part of it.
-#}
{% macro list_readings_of(windows, readings) -%}
    select
        asked.*,
        spans.reading,
        spans.as_of,
        any_value(spans.publisher) as publisher,
        any_value(spans.source_url) as source_url,
        sum(
            spans.confirmed_deaths
            * (least(spans.span_end, asked.window_end) - greatest(spans.span_start, asked.window_start) + 1)
            / (spans.span_end - spans.span_start + 1)
        ) as confirmed_deaths,
        bool_and(spans.span_start >= asked.window_start and spans.span_end <= asked.window_end) as is_exact,
        cast(max(least(spans.span_end, asked.window_end)) as date) as covered_through,
        cast(sum(
            least(spans.span_end, asked.window_end) - greatest(spans.span_start, asked.window_start) + 1
        ) as integer) as covered_days,
        cast(
            asked.window_end - greatest(asked.window_start, date '{{ threshold("war_start") }}') + 1 as integer
        ) as window_days,
    from {{ windows }} as asked
    inner join {{ readings }} as spans
        on
            asked.window_start <= spans.span_end
            and asked.window_end >= spans.span_start
    group by all
{%- endmacro %}
