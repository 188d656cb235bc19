"""What the list is expected to show half a year on, apart from what it shows: never an estimate of the toll."""

from datetime import date, timedelta
from typing import Any

import altair as alt
import duckdb

from orchestration.dbt import thresholds
from orchestration.report.figure import Canvas, Figure, Row, Table, breaks, credit, not_drawn, query
from orchestration.report.render.axes import amount, years
from orchestration.report.render.formatting import count, day, month, sentence, share, short_day, some
from orchestration.report.render.palette import LIGHT
from orchestration.report.render.svg import data

NAME = "expected-deaths"

WEEKS = "select * from report.report_expected_deaths order by week_start"

# The newest quarter that can be compared with the one before, and how such comparisons ended.
TREND = "select * from quarter_trend order by as_of desc, period desc limit 1"

# Every fit beside the newest reading of the list.
FITS_NOW = (
    "select * from expected_deaths_later where status = 'all' "
    "and later_as_of = (select max(newest.later_as_of) from expected_deaths_later as newest) order by fit_as_of"
)

HEADINGS = {
    "week_start": "week from",
    "as_of": "as of",
    "status": "status",
    "confirmed_deaths": "confirmed deaths",
    "expected_low": "expected, low",
    "expected_deaths_6m": "expected in six months",
    "expected_high": "expected, high",
    "later_confirmed_deaths": "confirmed deaths in a later reading",
    "later_as_of": "later reading of",
    "is_overtaken": "overtaken",
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
            f"{thresholds.whole('confirmation_min_span_days')} days apart, with no change of its method between them.",
            table,
        )
    as_of = rows[-1]["as_of"]
    later = max((row["later_as_of"] for row in rows if row["later_as_of"]), default=None)
    horizon_end = as_of + timedelta(days=thresholds.whole("expected_horizon_days"))
    return Figure(
        name=NAME,
        title=_title(expected, as_of, horizon_end),
        subtitle="Confirmed deaths (a minimum) by week, and what the same list was expected to show for each week half "
        "a year on at the pace of confirmation of its day, its range shaded; not an estimate of the toll. "
        f"As of {short_day(as_of)}. "
        + (f"Beside it what the list showed later, on {short_day(later)}. " if later else "")
        + f"Hatched weeks were under {thresholds.whole('expected_min_age_days') // 7} weeks old: nothing was expected "
        "of them.",
        source=credit(database, "confirmed_deaths", *(["deaths_by_branch"] if later else [])),
        description=_description(rows, expected),
        table=table,
        draw=lambda canvas: _draw(canvas, rows),
        notes=[
            *_breaks_ahead(database, as_of, max(horizon_end, later or horizon_end)),
            *_fits_now(query(database, FITS_NOW)),
            *_trend(query(database, TREND)),
        ],
    )


def _breaks_ahead(database: duckdb.DuckDBPyConnection, as_of: date, until: date) -> list[str]:
    return [
        f"The method of the list changed on {day(item.on)}, within the half-year ahead or before the later reading: "
        f"no pace could tell of these names. {sentence(item.what_changed)}"
        for item in breaks(database, as_of + timedelta(days=1), until, "confirmed_deaths")
    ]


def _fits_now(fits: list[Row]) -> list[str]:
    """How many of all expectations the newest reading of the list has overtaken."""
    if not fits:
        return []
    overtaken = [fit for fit in fits if fit["is_overtaken"]]
    across = any(fit["break_date"] for fit in fits)
    return [
        f"Held against the newest reading of the list, that of {day(fits[0]['later_as_of'])}: of "
        f"{some(len(fits), 'vintage')} that something was expected at, {len(overtaken)} "
        f"{'is' if len(overtaken) == 1 else 'are'} overtaken, more names being known than were expected"
        + (", a change of method between them included." if across else ".")
    ]


def _trend(trends: list[Row]) -> list[str]:
    """The newest comparison of quarters, with the record of such comparisons: it is not to be had without."""
    if not trends or trends[0]["reading"] == "unknown":
        return []
    (trend,) = trends
    words = (
        f"{trend['period']} against {trend['previous_period']}, as of {day(trend['as_of'])}: {trend['reading']}"
        f" (confirmed {_change(trend['confirmed_change'])}, expected {_change(trend['expected_change'])})."
    )
    if not trend["record_statements"]:
        return [f"{words} No quarter read so is a year old yet, so it is not known how far that holds."]
    return [
        f"{words} Of {some(trend['record_statements'], 'such reading')} of "
        f"{some(trend['record_quarters'], 'quarter')} now over a year old, {trend['record_ended_as_rise']} "
        "ended as a rise."
    ]


def _change(change: float) -> str:
    return f"{'+' if change > 0 else '−' if change < 0 else '±'}{abs(change) * 100:.0f}\u00a0%"


def _title(expected: list[Row], as_of: date, by: date) -> str:
    provisional = [row for row in expected if row["status"] == "provisional"] or expected
    confirmed = sum(row["confirmed_deaths"] for row in provisional)
    awaited = sum(row["expected_deaths_6m"] for row in provisional)
    weeks = f"{some(len(provisional), 'week')} to {day(provisional[-1]['week_start'] + timedelta(days=6))}"
    # A change of method that is known of was not in the pace.
    changed = next((row["break_date"] for row in provisional if row["break_date"]), None)
    before = f", before its method changed in {month(changed)}" if changed else ""
    seen_later = {row["later_as_of"] for row in provisional}
    if len(seen_later) == 1 and None not in seen_later:
        later = sum(row["later_confirmed_deaths"] for row in provisional)
        return (
            f"{'Overtaken: for' if later > awaited else 'For'} the {weeks}, {count(later)} names are known by "
            f"{day(*seen_later)}; from the {count(confirmed)} on the list of {day(as_of)}, {count(awaited)} were "
            f"expected by {month(by)}{before}"
        )
    if not awaited:
        return f"For the {weeks} the list shows no deaths, and at its pace none was expected by {month(by)}"
    shown = f"For the {weeks} the list of {day(as_of)} shows"
    expectation = f"of what it was expected to show by {month(by)}{before}"
    if confirmed / awaited < 0.95:
        return f"{shown} {share(confirmed / awaited)} {expectation}: {count(confirmed)} of about {count(awaited)} names"
    return f"{shown} {count(confirmed)} names, nearly complete {expectation}"


def _description(rows: list[Row], expected: list[Row]) -> str:
    first, last = expected[0], expected[-1]
    too_young = sum(row["status"] == "reported_only" for row in rows)
    return (
        f"A line of confirmed deaths by week and a band of expected ones above it. In the week of "
        f"{day(first['week_start'])}: {count(first['confirmed_deaths'])} confirmed, "
        f"{count(first['expected_low'])} to {count(first['expected_high'])} expected. In that of "
        f"{day(last['week_start'])}: {count(last['confirmed_deaths'])} confirmed, {count(last['expected_low'])} to "
        f"{count(last['expected_high'])} expected. The newest {some(too_young, 'week')} are too young."
        + (
            f" A later reading of {day(last['later_as_of'])} shows {count(last['later_confirmed_deaths'])} for that "
            "week."
            if last["later_as_of"]
            else ""
        )
    )


def _draw(canvas: Canvas, rows: list[Row]) -> Any:
    names = ["confirmed deaths", "expected in six months"]
    later = [row for row in rows if row["later_confirmed_deaths"] is not None]
    if later:
        names.append("known later")
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=names, range=[LIGHT["shade-6"], LIGHT["green"], LIGHT["ink"]][: len(names)]),
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
    for name, column, part in (
        ("confirmed deaths", "confirmed_deaths", rows),
        ("expected in six months", "expected_deaths_6m", expected),
        ("known later", "later_confirmed_deaths", later),
    ):
        if not part:
            continue
        points = [{"week_start": row["week_start"], "deaths": row[column], "series": name} for row in part]
        layers.append(
            alt.Chart(data(points))
            .mark_line(strokeWidth=1.8, strokeDash=[6, 2] if column == "expected_deaths_6m" else [])
            .encode(x, amount("deaths:Q"), colour)
        )
    return alt.layer(*layers).properties(width=canvas.width - 60, height=220 if canvas.is_narrow else 260)
