"""Net area gained and lost by month, each claimant of area apart."""

from datetime import date, timedelta
from typing import Any

import altair as alt
import duckdb

from orchestration.report.figure import Break, Canvas, Figure, Row, Table, breaks, credit, not_drawn, query
from orchestration.report.render.areas import HISTORY, area_name, defined, definition
from orchestration.report.render.axes import amount, break_rules
from orchestration.report.render.formatting import month, some, square_km
from orchestration.report.render.palette import LIGHT
from orchestration.report.render.svg import data

NAME = "net-area"

# Months without any figure split the drawing where they are more than this: a gap is not a calm.
GAP_MONTHS = 3

MONTHS = "select * from report.report_net_area order by period_start, area_source"

HEADINGS = {
    "period": "month",
    "area": "area by",
    "definition": "what counts as taken",
    "net_km2": "net km²",
    "area_is_bound": "only as over or nearly",
    "gained_km2": "gained km²",
    "lost_km2": "lost km²",
    "area_claimant": "claimant",
    "area_source_urls": "where to check",
}

# Bars for the series computed here day by day, marks for figures published by others.
BARS = "DeepState"
MARKS = {
    "AFP/ISW, with claimed areas": ("circle", LIGHT["orange"]),
    "AFP/ISW": ("square", LIGHT["amber"]),
    "ISW": ("diamond", LIGHT["ink"]),
    "ISW, with Kursk": ("cross", LIGHT["purple"]),
    "ISW, Kursk not said": ("triangle-up", LIGHT["green"]),
    "ISW, without infiltration zones": ("triangle-down", LIGHT["ink"]),
    HISTORY: ("triangle-right", LIGHT["shade-6"]),
}


def figure(database: duckdb.DuckDBPyConnection) -> Figure:
    """Net change of the occupied area by month, as computed from DeepState and as published by others."""
    months = [
        {**row, "area": area_name(row["area"]), "definition": definition(row["area_definition"])}
        for row in query(database, MONTHS)
    ]
    rows = [row for row in months if row["net_km2"] is not None]
    table = Table(HEADINGS, rows)
    if not rows:
        return not_drawn(NAME, "Net area by month", "No series of areas covers a whole month.", table)
    runs = _runs(list({row["period"]: row for row in months}.values()), {row["period"] for row in rows})
    method_breaks = breaks(
        database,
        rows[0]["period_start"],
        rows[-1]["period_end"],
        "occupied_area",
        "occupied_area_2022_23",
        "territory_published",
    )
    return Figure(
        name=NAME,
        title=_title(rows),
        subtitle="Net change of the area in a month, km². Bars: occupied, per DeepState (control, Ukraine only), "
        "computed here from the level of its map at the end of the month less that before its start"
        + (f"; {HISTORY}: the same map's history as others computed it" if _has(rows, HISTORY) else "")
        + ". Marks: as published by AFP from ISW's data and by ISW. They count control in Ukraine; figures that count "
        "claimed areas or Kursk Oblast too, leave zones of infiltration out, or do not say, are marks of their own. "
        + ("Panels have scales of their own; between them no series covers whole months." if len(runs) > 1 else ""),
        source=credit(
            database,
            "occupied_area",
            "occupied_area_2022_23",
            others="Published areas: the table names the claimant and address of each"
            + (
                f". {HISTORY}: computed by barafael/bavovniatko (CC BY 4.0) from DeepState's map"
                if _has(rows, HISTORY)
                else ""
            ),
        ),
        description=_description(rows),
        table=table,
        draw=lambda canvas: _draw(canvas, rows, runs, method_breaks),
        notes=[item.note for item in method_breaks],
    )


def _runs(months: list[Row], given: set[str]) -> list[list[Row]]:
    """Months in stretches, split where more than GAP_MONTHS in a row have no figure."""
    runs: list[list[Row]] = []
    gap = GAP_MONTHS + 1
    pending: list[Row] = []
    for month_row in months:
        if month_row["period"] not in given:
            gap += 1
            pending.append(month_row)
            continue
        if gap > GAP_MONTHS:
            runs.append([])
        else:
            runs[-1].extend(pending)
        runs[-1].append(month_row)
        pending, gap = [], 0
    return runs


def _title(rows: list[Row]) -> str:
    mapped = [row for row in rows if row["area"] == BARS]
    return _title_of_levels(mapped) if mapped else _title_of_statements(rows)


def _has(rows: list[Row], area: str) -> bool:
    return any(row["area"] == area for row in rows)


def _title_of_levels(own: list[Row]) -> str:
    """How far the level moved in up to a year; its months add up, for each is the difference of two levels."""
    last = own[-1:]
    # As long as no month is missing: a sum over a gap would be a partial one.
    for row in reversed(own[-12:-1]):
        if row["period_end"] + timedelta(days=1) != last[0]["period_start"]:
            break
        last.insert(0, row)
    net = sum(row["net_km2"] for row in last)
    span = f"in {month(last[0]['period_start'])}"
    if len(last) > 1:
        span = f"from {month(last[0]['period_start'])} to {month(last[-1]['period_start'])}"
    way = "grew" if net >= 0 else "shrank"
    return f"The occupied area {way} by {square_km(abs(net))} {span}, per {BARS}"


def _title_of_statements(rows: list[Row]) -> str:
    """The newest month that somebody published; months of a publisher are not summed here, definitions change."""
    whole = [row for row in rows if not row["area_is_bound"] and row["area"] != HISTORY] or [
        row for row in rows if not row["area_is_bound"]
    ]
    if not whole:
        return "Of no month is a net area published but as over or nearly so much"
    newest = whole[-1]
    way = "gained" if newest["net_km2"] >= 0 else "lost"
    return (
        f"Russian forces {way} a net {square_km(abs(newest['net_km2']))} in {month(newest['period_start'])}, "
        f"per {defined(newest['area'], newest['area_definition'])}"
    )


def _description(rows: list[Row]) -> str:
    words = []
    for area in sorted({row["area"] for row in rows}):
        own = [row for row in rows if row["area"] == area]
        least, most = min(own, key=lambda row: row["net_km2"]), max(own, key=lambda row: row["net_km2"])
        words.append(
            f"{area}: {some(len(own), 'month')} from {month(own[0]['period_start'])} to "
            f"{month(own[-1]['period_start'])}, from {square_km(least['net_km2'])} in {month(least['period_start'])} "
            f"to {square_km(most['net_km2'])} in {month(most['period_start'])}"
        )
    return f"Bars and marks by month. {'; '.join(words)}."


def _draw(canvas: Canvas, rows: list[Row], runs: list[list[Row]], method_breaks: list[Break]) -> Any:
    areas = sorted({row["area"] for row in rows}, key=lambda area: (area != BARS, area))
    months = sum(len(run) for run in runs)
    room = canvas.width - 62 * len(runs) - 18 * (len(runs) - 1)
    panels = [
        _panel(
            canvas,
            [row for row in rows if run[0]["period_start"] <= row["period_start"] <= run[-1]["period_start"]],
            run,
            areas,
            method_breaks,
            runs[index - 1][-1]["period_end"] if index else None,
            canvas.width - 62 if canvas.is_narrow else max(90, room * len(run) / months),
        )
        for index, run in enumerate(runs)
    ]
    join = alt.vconcat if canvas.is_narrow else alt.hconcat
    return join(*panels, spacing=18)


def _panel(
    canvas: Canvas,
    rows: list[Row],
    run: list[Row],
    areas: list[str],
    method_breaks: list[Break],
    since: date | None,
    width: float,
) -> Any:
    periods = [row["period"] for row in run]
    x = _month_axis(periods, width)
    marks = [area for area in areas if area != BARS]
    legend = alt.Legend(title=None, columns=1 if canvas.is_narrow else 4)
    layers = [
        alt.Chart(data([row for row in rows if row["area"] == BARS]))
        .mark_bar(size=0.7 * width / len(periods))
        .encode(
            x,
            amount("net_km2:Q"),
            alt.Fill("area:N", scale=alt.Scale(domain=[BARS], range=[LIGHT["shade-4"]]), legend=legend),
        )
    ]
    if marks:
        styles = [MARKS.get(area, ("square", LIGHT["green"])) for area in marks]
        shapes = alt.Scale(domain=marks, range=[shape for shape, _ in styles])
        colours = alt.Scale(domain=marks, range=[colour for _, colour in styles])
        layers.append(
            alt.Chart(data([row for row in rows if row["area"] != BARS]))
            .mark_point(size=46, filled=True, opacity=1)
            .encode(
                x,
                amount("net_km2:Q"),
                alt.Color("area:N", scale=colours, legend=legend),
                alt.Shape("area:N", scale=shapes, legend=legend),
            )
        )
    layers.append(alt.Chart(data([{"zero": 0}])).mark_rule(color=LIGHT["grey"]).encode(alt.Y("zero:Q")))
    return alt.layer(*layers, *break_rules(method_breaks, run, 8, since)).properties(
        width=width, height=180 if canvas.is_narrow else 260
    )


def _month_axis(periods: list[str], width: float) -> alt.X:
    """Months; every third is named where there is room for it, else two a year; the year stands under the month."""
    step = max(1, round(len(periods) * 34 / width))
    step = next(size for size in (1, 2, 3, 6, 12) if size >= step or size == 12)
    return alt.X(
        "period:O",
        scale=alt.Scale(domain=periods),
        title=None,
        axis=alt.Axis(
            values=[period for period in periods if (int(period[5:]) - 1) % step == 0],
            labelAngle=0,
            labelExpr="[monthAbbrevFormat(toNumber(slice(datum.label, 5)) - 1), slice(datum.label, 0, 4)]",
            labelOverlap=False,
        ),
    )
