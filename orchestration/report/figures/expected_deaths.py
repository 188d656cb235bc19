"""What the list is expected to show half a year on, apart from what it shows: never an estimate of the toll."""

from datetime import date, timedelta
from typing import Any

import altair as alt
import duckdb

from orchestration.dbt import thresholds
from orchestration.report.figure import Canvas, Figure, Row, Table, credit, not_drawn, query
from orchestration.report.render.axes import amount, years
from orchestration.report.render.formatting import count, day, share, short_day, some
from orchestration.report.render.palette import LIGHT
from orchestration.report.render.svg import data

NAME = "expected-deaths"

WEEKS = "select * from report.report_expected_deaths order by week_start"

HEADINGS = {
    "week_start": "week from",
    "as_of": "as of",
    "status": "status",
    "confirmed_deaths": "confirmed deaths",
    "expected_low": "expected, low",
    "expected_deaths_6m": "expected in six months",
    "expected_high": "expected, high",
}


def figure(database: duckdb.DuckDBPyConnection) -> Figure:
    """Confirmed deaths of the newest weeks beside what the list is expected to show for them half a year on."""
    rows = query(database, WEEKS)
    table = Table(HEADINGS, rows)
    expected = [row for row in rows if row["expected_deaths_6m"] is not None]
    if not expected:
        frozen = any(row["status"] == "frozen" for row in rows)
        return not_drawn(
            NAME,
            "What the list is expected to show half a year on",
            "Nothing is expected at present: the newest step of the list is a break of its rhythm that nobody has "
            "reviewed, and a pace read across it would mislead."
            if frozen
            else "Nothing can be expected yet: that takes two vintages of the list at least "
            f"{thresholds.whole('confirmation_min_span_days')} days apart.",
            table,
        )
    as_of = rows[-1]["as_of"]
    return Figure(
        name=NAME,
        title=_title(expected, as_of + timedelta(days=thresholds.whole("expected_horizon_days"))),
        subtitle="Confirmed deaths (a minimum) by week, and what the same list is expected to show for each week "
        f"half a year on at today's pace of confirmation, its range shaded; not an estimate of the toll. "
        f"As of {short_day(as_of)}. Hatched weeks are under {thresholds.whole('expected_min_age_days') // 7} weeks "
        "old: nothing is expected of them.",
        source=credit(database, "confirmed_deaths"),
        description=_description(rows, expected),
        table=table,
        draw=lambda canvas: _draw(canvas, rows),
    )


def _title(expected: list[Row], by: date) -> str:
    provisional = [row for row in expected if row["status"] == "provisional"] or expected
    confirmed = sum(row["confirmed_deaths"] for row in provisional)
    later = sum(row["expected_deaths_6m"] for row in provisional)
    weeks = f"{some(len(provisional), 'week')} to {day(provisional[-1]['week_start'] + timedelta(days=6))}"
    if not later:
        return f"For the {weeks} the list shows no deaths, and at today's pace none by {by:%B %Y}"
    if confirmed / later < 0.95:
        return (
            f"For the {weeks} the list shows {share(confirmed / later)} of what it is expected to show by "
            f"{by:%B %Y}: {count(confirmed)} of about {count(later)} names"
        )
    return (
        f"For the {weeks} the list shows {count(confirmed)} names, nearly complete of what it is expected to show by "
        f"{by:%B %Y}"
    )


def _description(rows: list[Row], expected: list[Row]) -> str:
    first, last = expected[0], expected[-1]
    too_young = sum(row["status"] == "reported_only" for row in rows)
    return (
        f"A line of confirmed deaths by week and a band of expected ones above it. In the week of "
        f"{day(first['week_start'])}: {count(first['confirmed_deaths'])} confirmed, "
        f"{count(first['expected_low'])} to {count(first['expected_high'])} expected. In that of "
        f"{day(last['week_start'])}: {count(last['confirmed_deaths'])} confirmed, {count(last['expected_low'])} to "
        f"{count(last['expected_high'])} expected. The newest {some(too_young, 'week')} are too young."
    )


def _draw(canvas: Canvas, rows: list[Row]) -> Any:
    names = ["confirmed deaths", "expected in six months", "its range"]
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=names[:2], range=[LIGHT["shade-6"], LIGHT["green"]]),
        legend=alt.Legend(title=None, symbolType="stroke", columns=1 if canvas.is_narrow else 3),
    )
    x = years("week_start:T", rows[0]["week_start"], rows[-1]["week_start"])
    young = [row for row in rows if row["status"] == "reported_only"]
    layers: list[Any] = []
    if young:
        layers.append(
            alt.Chart(data([{"week_start": young[0]["week_start"], "end": young[-1]["week_start"]}]))
            .mark_rect(fill=LIGHT["hatch"])
            .encode(x=x, x2="end:T")
        )
    expected = [row for row in rows if row["expected_deaths_6m"] is not None]
    layers.append(
        alt.Chart(data(expected))
        .mark_area(color=LIGHT["green"], opacity=0.22)
        .encode(x, amount("expected_low:Q"), alt.Y2("expected_high:Q"))
    )
    for name, column, part in ((names[0], "confirmed_deaths", rows), (names[1], "expected_deaths_6m", expected)):
        points = [{"week_start": row["week_start"], "deaths": row[column], "series": name} for row in part]
        layers.append(
            alt.Chart(data(points))
            .mark_line(strokeWidth=1.8, strokeDash=[] if column == "confirmed_deaths" else [6, 2])
            .encode(x, amount("deaths:Q"), colour)
        )
    return alt.layer(*layers).properties(width=canvas.width - 60, height=220 if canvas.is_narrow else 260)
