"""Weekly confirmed deaths as they were known on several dates, with the probate estimate beside them."""

from datetime import date, timedelta
from typing import Any

import altair as alt
import duckdb

from orchestration.dbt import thresholds
from orchestration.report.figure import Break, Canvas, Figure, Row, Table, breaks, credit, newest, not_drawn, query
from orchestration.report.render.axes import amount, years
from orchestration.report.render.formatting import count, day, listed, sentence, short_day, some
from orchestration.report.render.palette import LIGHT, SHADES
from orchestration.report.render.svg import data

NAME = "deaths-as-known"

# How its line is called.
PROBATE = "probate estimate"

# A count that grew by less than a tenth is called "hardly changed".
HARDLY_CHANGED = 0.1

LINES = "select * from report.report_deaths_as_known order by week_start"

COMPARED = "select * from report.report_weeks_compared order by as_of, reading desc"


def column_of(as_of: date) -> str:
    """The column of the counts as known on that day."""
    return f"confirmed_deaths_as_of_{as_of:%Y_%m_%d}"


def export_label(as_of: date) -> str:
    """How the line of a weekly export is called."""
    return f"weekly export, known {short_day(as_of)}"


def figure(database: duckdb.DuckDBPyConnection) -> Figure:
    """Weekly confirmed deaths as known at up to six dates and by the newest export, and the newest probate estimate."""
    lines = query(database, LINES)
    vintages = sorted({line["as_of"] for line in lines if line["measure"] == "confirmed_deaths"}, reverse=True)
    export = max((line["as_of"] for line in lines if line["measure"] == "weekly_export"), default=None)
    release = max((line["as_of"] for line in lines if line["measure"] == "probate_estimate"), default=None)
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
    compared = query(database, COMPARED)
    young = [line for line in lines if line["is_young"]]
    newest_reading = max(filter(None, (vintages[0], export)))
    changed = breaks(database, vintages[-1], newest_reading, "confirmed_deaths")
    sources = ["confirmed_deaths", *(["deaths_by_branch"] if export else [])]
    return Figure(
        name=NAME,
        title=_title(compared, newest_reading, len(vintages) + bool(export), changed),
        subtitle=_subtitle(rows, vintages[0], export, bool(young), release),
        source=credit(database, *sources, *(["probate_estimates"] if release else [])),
        description=_description(rows, vintages, export),
        table=table,
        draw=lambda canvas: _draw(canvas, rows, vintages, export, young, bool(release)),
        notes=[
            f"{sentence(item.what_changed)} Counts known before {day(item.on)} and later ones differ by this, not by "
            "time alone."
            for item in changed
        ],
    )


def _headings(vintages: list[date]) -> dict[str, str]:
    return {
        "week_start": "week from",
        **{column_of(as_of): f"known {short_day(as_of)}" for as_of in vintages},
        "weekly_export": "weekly export",
        "weekly_export_as_of": "export of",
        "probate_estimate": "probate estimate",
        "probate_is_forecast": "partly forecast",
    }


def _by_week(lines: list[Row], vintages: list[date]) -> list[Row]:
    """A row a week, with a column a vintage: what a reader can compare across. Weeks of the export are rows apart."""
    weeks: dict[date, Row] = {}
    for line in lines:
        row = weeks.setdefault(
            line["week_start"], dict.fromkeys(_headings(vintages)) | {"week_start": line["week_start"]}
        )
        if line["measure"] == "confirmed_deaths":
            row[column_of(line["as_of"])] = int(line["deaths"])
        elif line["measure"] == "weekly_export":
            row |= {"weekly_export": int(line["deaths"]), "weekly_export_as_of": line["as_of"]}
        else:
            row |= {"probate_estimate": line["deaths"], "probate_is_forecast": line["is_forecast"]}
    return list(weeks.values())


def _subtitle(rows: list[Row], newest_vintage: date, export: date | None, has_young: bool, release: date | None) -> str:
    measures = ["Confirmed deaths (a minimum) by week of death; the stronger a line, the later it was known"]
    if export:
        measures.append(
            f"the list's weekly export of {short_day(export)} has weeks of its own, from Thursday"
            + (", and is older than the newest daily list" if export < newest_vintage else "")
        )
    if has_young:
        weeks = thresholds.whole("expected_min_age_days") // 7
        measures.append(f"hatched weeks were under {weeks} weeks old in the newest reading, too young to be read")
    if release:
        measures.append(
            f"beside them Mediazona and Meduza's estimate from the probate registry, release of {short_day(release)}"
            + (", dashed where partly a forecast" if any(row["probate_is_forecast"] for row in rows) else "")
        )
    return f"{'; '.join(measures)}. Newest daily list as of {short_day(newest_vintage)}."


def _title(compared: list[Row], newest_reading: date, readings: int, changed: list[Break]) -> str:
    if len(compared) < 2:
        return f"Confirmed deaths by week as known on {day(newest_reading)}" + (
            ", the one date this release knows them at"
            if readings == 1
            else "; no quarter of weeks is covered by earlier readings too"
        )
    then, now = compared[0]["confirmed_deaths"], compared[-1]["confirmed_deaths"]
    weeks = ((compared[0]["window_end"] - compared[0]["window_start"]).days + 1) // 7
    known = listed([f"{count(row['confirmed_deaths'])} {_by(row)}" for row in reversed(compared)])
    counts = f"for the {weeks} weeks to {day(compared[0]['window_end'])}, the confirmed deaths are {known}"
    for item in changed:
        if compared[0]["as_of"] < item.on <= compared[-1]["as_of"]:
            counts += f"; the list changed its method on {day(item.on)}"
    if now >= then * 2 and then:
        return f"Recent weeks look quiet until names are found: {counts}"
    if now > then * (1 + HARDLY_CHANGED):
        return f"The past is still being counted: {counts}"
    if now < then * (1 - HARDLY_CHANGED):
        return f"Counts also fall: {counts}"
    return f"Counts have hardly changed: {counts}"


def _by(row: Row) -> str:
    return f"by the {'weekly export' if row['reading'] == 'weekly_export' else 'list'} of {day(row['as_of'])}"


def _description(rows: list[Row], vintages: list[date], export: date | None) -> str:
    known = [(as_of, sum(row[column_of(as_of)] or 0 for row in rows)) for as_of in sorted(vintages)]
    totals = listed([f"{count(total)} as known on {day(as_of)}" for as_of, total in known])
    exported = sum(row["weekly_export"] or 0 for row in rows)
    probate = [row["probate_estimate"] for row in rows if row["probate_estimate"] is not None]
    return (
        f"Lines by week from {day(rows[0]['week_start'])} to {day(rows[-1]['week_start'])}. Confirmed deaths over all "
        f"whole weeks: {totals}."
        + (f" The weekly export of {day(export)} adds up to {count(exported)}." if export else "")
        + (
            f" The probate estimate adds up to {count(sum(probate))} over {some(len(probate), 'week')}."
            if probate
            else ""
        )
    )


def _draw(
    canvas: Canvas, rows: list[Row], vintages: list[date], export: date | None, young: list[Row], has_probate: bool
) -> Any:
    labels = {as_of: f"known {short_day(as_of)}" for as_of in sorted(vintages)}
    others = {export_label(export): LIGHT["ink"]} if export else {}
    others |= {PROBATE: LIGHT["orange"]} if has_probate else {}
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=[*labels.values(), *others], range=[*SHADES[-len(labels) :], *others.values()]),
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
    if export:
        known += [
            {"week": row["week_start"], "deaths": row["weekly_export"], "series": export_label(export)}
            for row in rows
            if row["weekly_export"] is not None
        ]
    layers = []
    if young:
        layers.append(
            alt.Chart(data([{"first": young[0]["week_start"], "last": young[-1]["week_start"] + timedelta(days=6)}]))
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
