"""Weekly confirmed deaths as they were known on several dates, with the probate estimate beside them."""

from datetime import date, timedelta
from typing import Any

import altair as alt
import duckdb

from orchestration.report.figure import Canvas, Figure, Row, Table, breaks, credit, newest, not_drawn, query
from orchestration.report.render.axes import amount, years
from orchestration.report.render.formatting import count, day, listed, sentence, short_day, some
from orchestration.report.render.palette import LIGHT, SHADES
from orchestration.report.render.svg import data

NAME = "deaths-as-known"

# How its line is called.
PROBATE = "probate estimate"

# The weeks whose count then and now make the title: a quarter, long enough not to hang on single battles.
WEEKS_COMPARED = 13

# A count that grew by less than a tenth is called "hardly changed".
HARDLY_CHANGED = 0.1

LINES = "select * from report.report_deaths_as_known order by week_start"

# Weeks of which nothing is expected yet, for their age.
YOUNG_WEEKS = "select week_start, week_end from deaths_by_week where status = 'reported_only' order by week_start"


def column_of(as_of: date) -> str:
    """The column of the counts as known on that day."""
    return f"confirmed_deaths_as_of_{as_of:%Y_%m_%d}"


def figure(database: duckdb.DuckDBPyConnection) -> Figure:
    """Weekly confirmed deaths as known at up to six dates, and the newest probate estimate."""
    lines = query(database, LINES)
    vintages = sorted({line["as_of"] for line in lines if line["measure"] == "confirmed_deaths"}, reverse=True)
    rows = _by_week(lines, vintages)
    table = Table(_headings(vintages), rows)
    if not vintages:
        return not_drawn(
            NAME,
            "Confirmed deaths by week",
            "The list does not cover one whole week yet."
            if newest(database, "vintages", "as_of")
            else "The list has no vintage, so nothing is known.",
            table,
        )
    young = query(database, YOUNG_WEEKS)
    release = max((line["as_of"] for line in lines if line["measure"] == "probate_estimate"), default=None)
    return Figure(
        name=NAME,
        title=_title(rows, vintages),
        subtitle=_subtitle(rows, vintages[0], bool(young), release),
        source=credit(database, "confirmed_deaths", *(["probate_estimates"] if release else [])),
        description=_description(rows, vintages),
        table=table,
        draw=lambda canvas: _draw(canvas, rows, vintages, young, bool(release)),
        notes=[
            f"{sentence(item.what_changed)} Counts known before {day(item.on)} cannot be compared with later ones."
            for item in breaks(database, vintages[-1], vintages[0], "confirmed_deaths")
        ],
    )


def _headings(vintages: list[date]) -> dict[str, str]:
    return {
        "week_start": "week from",
        **{column_of(as_of): f"known {short_day(as_of)}" for as_of in vintages},
        "probate_estimate": "probate estimate",
        "probate_is_forecast": "partly forecast",
    }


def _by_week(lines: list[Row], vintages: list[date]) -> list[Row]:
    """A row a week, with a column a vintage: what a reader can compare across."""
    weeks: dict[date, Row] = {}
    for line in lines:
        row = weeks.setdefault(
            line["week_start"], dict.fromkeys(_headings(vintages)) | {"week_start": line["week_start"]}
        )
        if line["measure"] == "confirmed_deaths":
            row[column_of(line["as_of"])] = int(line["deaths"])
        else:
            row |= {"probate_estimate": line["deaths"], "probate_is_forecast": line["is_forecast"]}
    return list(weeks.values())


def _subtitle(rows: list[Row], newest_vintage: date, has_young: bool, release: date | None) -> str:
    measures = ["Confirmed deaths (a minimum) by week of death; the stronger a line, the later it was known"]
    if has_young:
        measures.append("hatched weeks are too young to read")
    if release:
        measures.append(
            f"beside them Mediazona and Meduza's estimate from the probate registry, release of {short_day(release)}"
            + (", dashed where partly a forecast" if any(row["probate_is_forecast"] for row in rows) else "")
        )
    return f"{'; '.join(measures)}. Newest list as of {short_day(newest_vintage)}."


def _compared(rows: list[Row], vintages: list[date]) -> tuple[date, date, int, int] | None:
    """The last weeks known about a year before the newest vintage (or at the oldest one): as of, end, then, now."""
    newest = column_of(vintages[0])
    for as_of in sorted(vintages[1:], key=lambda as_of: abs((vintages[0] - as_of).days - 365)):
        then = column_of(as_of)
        both = [row for row in rows if row[then] is not None and row[newest] is not None][-WEEKS_COMPARED:]
        if len(both) == WEEKS_COMPARED:
            return (
                as_of,
                both[-1]["week_start"] + timedelta(days=6),
                sum(row[then] for row in both),
                sum(row[newest] for row in both),
            )
    return None


def _title(rows: list[Row], vintages: list[date]) -> str:
    compared = _compared(rows, vintages)
    if compared is None:
        return f"Confirmed deaths by week as known on {day(vintages[0])}, the one date this release knows them at"
    as_of, end, then, now = compared
    counts = (
        f"for the {WEEKS_COMPARED} weeks to {day(end)}, {count(then)} deaths were confirmed by {day(as_of)} and "
        f"{count(now)} by {day(vintages[0])}"
    )
    if now >= then * 2:
        return f"Recent weeks look quiet until names are found: {counts}"
    if now > then * (1 + HARDLY_CHANGED):
        return f"The past is still being counted: {counts}"
    if now < then * (1 - HARDLY_CHANGED):
        return f"Counts also fall: {counts}"
    return f"Counts have hardly changed: {counts}"


def _description(rows: list[Row], vintages: list[date]) -> str:
    known = [(as_of, sum(row[column_of(as_of)] or 0 for row in rows)) for as_of in sorted(vintages)]
    totals = listed([f"{count(total)} as known on {day(as_of)}" for as_of, total in known])
    probate = [row["probate_estimate"] for row in rows if row["probate_estimate"] is not None]
    return (
        f"Lines by week from {day(rows[0]['week_start'])} to {day(rows[-1]['week_start'])}. Confirmed deaths over all "
        f"whole weeks: {totals}."
        + (
            f" The probate estimate adds up to {count(sum(probate))} over {some(len(probate), 'week')}."
            if probate
            else ""
        )
    )


def _draw(canvas: Canvas, rows: list[Row], vintages: list[date], young: list[Row], has_probate: bool) -> Any:
    labels = {as_of: f"known {short_day(as_of)}" for as_of in sorted(vintages)}
    domain = [*labels.values(), *([PROBATE] if has_probate else [])]
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=domain, range=[*SHADES[-len(labels) :], *([LIGHT["orange"]] if has_probate else [])]),
        legend=alt.Legend(title=None, columns=2 if canvas.is_narrow else 3, symbolType="stroke"),
    )
    x = years("week:T", rows[0]["week_start"], rows[-1]["week_start"])
    y = amount("deaths:Q")
    known = [
        {"week": row["week_start"], "deaths": row[column_of(as_of)], "series": label}
        for as_of, label in labels.items()
        for row in rows
        if row[column_of(as_of)] is not None
    ]
    layers = []
    if young:
        layers.append(
            alt.Chart(data([{"first": young[0]["week_start"], "last": young[-1]["week_end"]}]))
            .mark_rect(fill=LIGHT["hatch"])
            .encode(x=alt.X("first:T"), x2="last:T")
        )
    layers.append(alt.Chart(data(known)).mark_line(strokeWidth=1.4).encode(x, y, colour))
    layers += [
        alt.Chart(data(points)).mark_line(strokeWidth=1.6, strokeDash=dash).encode(x, y, colour)
        for points, dash in _probate_lines(rows)
    ]
    return alt.layer(*layers).properties(width=canvas.width - 60, height=260 if canvas.is_narrow else 330)


def _probate_lines(rows: list[Row]) -> list[tuple[list[Row], list[int]]]:
    """The probate estimate as points and dashes of its lines, solid and, where it is partly a forecast, dashed."""
    estimated = [row for row in rows if row["probate_estimate"] is not None]
    solid = [row for row in estimated if not row["probate_is_forecast"]]
    # The forecast starts where the estimate ends, so that the line has no hole.
    dashed = solid[-1:] + [row for row in estimated if row["probate_is_forecast"]]
    return [
        (
            [{"week": row["week_start"], "deaths": row["probate_estimate"], "series": PROBATE} for row in part],
            dash,
        )
        for part, dash in ((solid, []), (dashed, [5, 3]))
        if len(part) > 1
    ]
