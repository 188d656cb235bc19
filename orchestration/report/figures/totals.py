"""The ladder of totals: from names with a day of death to what they are taken to stand for, and what is claimed."""

from typing import Any

import altair as alt
import duckdb

from orchestration.report.figure import (
    Break,
    Canvas,
    Figure,
    Row,
    Table,
    breaks,
    claims_sources,
    credit,
    not_drawn,
    query,
)
from orchestration.report.render.formatting import count, day, listed, short_day, some
from orchestration.report.render.palette import LIGHT
from orchestration.report.render.svg import LABEL_SIZE, data

NAME = "totals"

RUNGS = "select * from report.report_totals order by rung_order, as_of"

# The stated band at every date it can be computed at.
BANDS = (
    "select as_of, is_contradicted from toll_estimates where is_derived and scope like '%excl.%' "
    "and method like '%coverage band%' order by as_of"
)

# How the rungs are called in the table.
NAMES = {
    "dated": "dated",
    "named": "named",
    "coverage_band": "stated band",
    "probate_estimate": "probate estimate",
    "claimed_casualties": "claimed, killed and wounded",
}

HEADINGS = {
    "rung": "total",
    "as_of": "as of",
    "deaths_through": "deaths through",
    "low": "low",
    "central": "figure",
    "high": "high",
    "method": "method",
    "scope": "of whom",
    "claimant": "claimant",
    "is_derived": "computed here",
    "is_contradicted": "contradicted later",
    "contradicted_by": "by an estimate of",
    "contradicted_through": "of deaths through",
    "contradicted_as_of": "as of (later)",
    "flagged_because": "to be read with care",
    "source_url": "where to check",
}

# In two lines: on a phone there is no room for one.
ANOTHER_UNIT = ["Another unit:", "claimed, killed and wounded"]

LABELS = {
    "dated": "names with a date of death",
    "named": "all names on the list",
    "coverage_band": "stated coverage band",
    "probate_estimate": "probate estimate",
    "claimed_casualties": "killed and wounded",
}


def figure(database: duckdb.DuckDBPyConnection) -> Figure:
    """Totals since February 2022: dated, named, stated band, probate estimates; the claim in a panel of its own."""
    rows = query(database, RUNGS)
    table = Table(HEADINGS, [{**row, "rung": NAMES[row["rung"]]} for row in rows])
    deaths = [row for row in rows if row["rung"] != "claimed_casualties"]
    claim = next((row for row in rows if row["rung"] == "claimed_casualties"), None)
    if not deaths:
        return not_drawn(NAME, "Totals of deaths", "This release holds no total of deaths.", table)
    method_breaks = breaks(
        database, min(row["as_of"] for row in deaths), max(row["as_of"] for row in deaths), "estimates"
    )
    return Figure(
        name=NAME,
        title=_title(deaths, claim),
        subtitle="Deaths since 24 February 2022, each total as of its own date: names on the list of Mediazona and BBC "
        "News Russian (a minimum), the band stated with the list, and Mediazona and Meduza's estimates from the "
        "probate registry. Below, in another unit: killed and wounded, claimed by the Ukrainian General Staff.",
        source=credit(database, "confirmed_deaths", "deaths_by_branch", "probate_estimates", *claims_sources(database)),
        description="Totals as dots, ranges as bars. " + " ".join(f"{_in_words(row)}." for row in rows),
        table=table,
        draw=lambda canvas: _draw(canvas, deaths, claim, method_breaks),
        notes=[
            *(item.note for item in method_breaks),
            *_flagged(deaths),
            *_contradicted(deaths, query(database, BANDS)),
        ],
    )


def _flagged(deaths: list[Row]) -> list[str]:
    """What about the counts of the list asks for care."""
    return [
        f"The list of {day(row['as_of'])} had {row['flagged_because']}." for row in deaths if row["flagged_because"]
    ]


def _contradicted(deaths: list[Row], bands: list[Row]) -> list[str]:
    """What later estimates say against the stated band."""
    contradicted = [band for band in bands if band["is_contradicted"]]
    if not contradicted:
        return []
    shown = _newest(deaths, "coverage_band")
    words = (
        f"The band was stated of the whole list. Of the {some(len(bands), 'date')} it can be computed at, a later "
        f"estimate rules it out at {len(contradicted)}, the newest of them {day(contradicted[-1]['as_of'])}."
    )
    if shown and shown["is_contradicted"]:
        words += (
            f" The one drawn is among them: {count(shown['contradicted_by'])} killed by "
            f"{day(shown['contradicted_through'])}, as estimated on {day(shown['contradicted_as_of'])}."
        )
    return [words]


def _newest(rows: list[Row], rung: str) -> Row | None:
    return next((row for row in reversed(rows) if row["rung"] == rung), None)


def _range(row: Row) -> str:
    low, high = row["low"], row["high"]
    if row["central"] is not None:
        return count(row["central"])
    if low is not None and high is not None:
        return f"{count(low)} to {count(high)}"
    return f"at least {count(low)}" if low is not None else f"at most {count(high)}"


def _in_words(row: Row) -> str:
    words = f"{LABELS[row['rung']].capitalize()}, as of {day(row['as_of'])}: {_range(row)}"
    if row["central"] is not None and row["low"] is not None and row["high"] is not None and row["low"] < row["high"]:
        words += f" (range {count(row['low'])} to {count(row['high'])})"
    return words


def _title(deaths: list[Row], claim: Row | None) -> str:
    parts = []
    for rung, wording in (
        ("dated", "{} deaths are confirmed with a date"),
        ("named", "{} by name"),
        ("probate_estimate", "{} are estimated from the probate registry"),
    ):
        row = _newest(deaths, rung)
        if row:
            # An estimate speaks of the day it counts to, a list of the day it was read.
            through = row["deaths_through"] if rung == "probate_estimate" else None
            when = f"to {day(through)}" if through else day(row["as_of"])
            parts.append(f"{wording.format(_range(row))} ({when})")
    if not parts:
        parts = [f"{_range(deaths[-1])} deaths are estimated ({day(deaths[-1]['as_of'])})"]
    return listed(parts)


def _draw(canvas: Canvas, deaths: list[Row], claim: Row | None, method_breaks: list[Break]) -> Any:
    panels = [_panel(canvas, deaths, LIGHT["shade-6"], "Deaths", method_breaks)]
    if claim:
        panels.append(_panel(canvas, [claim], LIGHT["purple"], ANOTHER_UNIT, []))
    return alt.vconcat(*panels, spacing=26).resolve_scale(x="independent", y="independent")


def _label(row: Row, is_narrow: bool) -> str:
    label = LABELS[row["rung"]]
    return f"{label}|{short_day(row['as_of'])}" if is_narrow else f"{label}, {short_day(row['as_of'])}"


def _panel(canvas: Canvas, rows: list[Row], colour: str, title: str | list[str], method_breaks: list[Break]) -> Any:
    marks = [
        {
            "label": _label(row, canvas.is_narrow),
            "low": row["low"],
            "high": row["high"],
            "central": row["central"],
            "end": max(value for value in (row["low"], row["central"], row["high"]) if value is not None),
            "words": _range(row),
        }
        for row in rows
    ]
    order = [mark["label"] for mark in marks]
    y = alt.Y(
        "label:N",
        sort=order,
        title=None,
        axis=alt.Axis(
            grid=True, labelLimit=300, labelColor=LIGHT["ink"], labelExpr="split(datum.label, '|')", labelLineHeight=14
        ),
    )
    # Room to the right of the longest for its figure in words.
    scale = alt.Scale(domain=[0, max(mark["end"] for mark in marks) * (2.1 if canvas.is_narrow else 1.35)], nice=False)
    x_axis = alt.Axis(tickCount=2 if canvas.is_narrow else 5, format=",d", grid=False)
    base = alt.Chart(data(marks))
    layers = [
        base.transform_filter("isValid(datum.low) && isValid(datum.high)")
        .mark_bar(color=colour, opacity=0.3, height=9, cornerRadius=2)
        .encode(alt.X("low:Q", scale=scale, axis=x_axis, title=None), alt.X2("high:Q"), y),
        base.transform_filter("isValid(datum.central)")
        .mark_point(color=colour, filled=True, size=80, opacity=1)
        .encode(alt.X("central:Q", scale=scale, axis=x_axis, title=None), y),
        base.mark_text(align="left", dx=9, fontSize=LABEL_SIZE).encode(
            alt.X("end:Q", scale=scale), y, alt.Text("words:N")
        ),
        *_break_rules(canvas, rows, order, method_breaks),
    ]
    left = 158 if canvas.is_narrow else 252
    return alt.layer(*layers).properties(
        width=canvas.width - left,
        height=alt.Step(34 if canvas.is_narrow else 28),
        title=alt.TitleParams(title, frame="group"),
    )


def _break_rules(canvas: Canvas, rows: list[Row], order: list[str], method_breaks: list[Break]) -> list[alt.Chart]:
    """Rules between the probate estimates before and after a break of method, each with its letter."""
    layers = []
    for item in method_breaks:
        after = [row for row in rows if row["rung"] == "probate_estimate" and row["as_of"] >= item.on]
        if after:
            rule = alt.Chart(data([{"label": _label(after[0], canvas.is_narrow)}]))
            at = alt.Y("label:N", sort=order, bandPosition=0)
            layers += [
                rule.mark_rule(strokeDash=[2, 2], color=LIGHT["muted"]).encode(at),
                rule.mark_text(
                    text=item.letter,
                    align="right",
                    baseline="bottom",
                    dx=-2,
                    dy=-2,
                    fontWeight="bold",
                    color=LIGHT["muted"],
                ).encode(at, x=alt.XValue("width")),
            ]
    return layers
