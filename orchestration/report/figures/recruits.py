"""Recruits against losses by quarter: each basis of evidence a mark of its own, nothing drawn between quarters."""

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

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
    newest,
    not_drawn,
    query,
)
from orchestration.report.render.axes import amount, break_rules
from orchestration.report.render.formatting import count, day, listed, short_day
from orchestration.report.render.palette import LIGHT
from orchestration.report.render.svg import data

NAME = "recruits-and-losses"

Style = tuple[str, str, str]

# How a basis is called, drawn and coloured; a basis unknown here falls back to its own name and the last shape.
BASES: dict[str, Style] = {
    "official_claim": ("official claim", "circle", LIGHT["blue"]),
    "federal_budget": ("federal budget", "square", LIGHT["orange"]),
    "regional_budget_model": ("regional budget model", "triangle-up", LIGHT["green"]),
    "intelligence": ("intelligence", "diamond", LIGHT["amber"]),
}

# The losses that recruits are held against, by column.
LOSSES = {"claimed_casualties": "claimed, killed and wounded", "probate_estimate": "deaths, probate estimate"}

QUARTERS = "select * from report.report_recruits order by period_start, basis"

# What one speaker counts on both sides since 1 January, where that ends with no quarter.
BALANCE = (
    "select period_start, period_end, claimant, recruits, stated_casualties, source_urls from recruitment_vs_losses "
    "where grain = 'year_to_date' and recruits_minus_stated_casualties is not null order by period_end desc limit 1"
)

HEADINGS = {
    "period": "quarter",
    "basis": "basis",
    "claimant": "claimant",
    "recruits_low": "recruits, low",
    "recruits": "recruits",
    "recruits_high": "recruits, high",
    "claimed_casualties": "claimed, killed and wounded",
    "claims_as_of": "claims to the report of",
    "probate_estimate": "deaths, probate estimate",
    "probate_as_of": "probate release of",
    "confirmed_deaths": "confirmed deaths (a minimum)",
    "as_of": "list as of",
    "verdict": "recruits against claimed casualties",
    "suppressed_because": "why no difference is given",
    "flagged_because": "to be read with care",
    "source_urls": "where to check",
}


def figure(database: duckdb.DuckDBPyConnection) -> Figure:
    """Recruits by quarter and basis beside claimed casualties and the probate estimate of deaths."""
    quarters = query(database, QUARTERS)
    rows = [row for row in quarters if row["basis"] is not None]
    table = Table(HEADINGS, rows)
    if not rows:
        return not_drawn(NAME, "Recruits and losses by quarter", "No basis has a figure for a whole quarter.", table)
    # Quarters without a figure are on the axis too, so that they are seen to be empty.
    axis = list({row["period"]: row for row in quarters}.values())
    method_breaks = breaks(database, axis[0]["period_start"], axis[-1]["period_end"], "recruitment")
    probate = newest(database, "probate_estimate_by_week", "as_of")
    claimed = newest(database, "claimed_casualties_by_day", "report_date")
    return Figure(
        name=NAME,
        title=_title(rows),
        subtitle="Men recruited in a quarter by kind of evidence, beside the killed and wounded that the Ukrainian "
        f"General Staff claims{f' (reports to {short_day(claimed)})' if claimed else ''} and the deaths that Mediazona "
        f"and Meduza estimate{f' (release of {short_day(probate)})' if probate else ''}. "
        "Joined marks: statements of one basis differ. Hollow: not compared with losses, for the reason in the table.",
        source=credit(
            database,
            *claims_sources(database),
            "probate_estimates",
            others="Recruits: the table names the speaker and address of each figure",
        ),
        description=_description(rows),
        table=table,
        draw=lambda canvas: _draw(canvas, rows, axis, method_breaks),
        notes=[*(item.note for item in method_breaks), *_balances(query(database, BALANCE))],
    )


def _title(rows: list[Row]) -> str:
    """What each basis says of its own quarters: bases cover different ones and are not counted together."""
    compared: dict[str, Counter[str]] = {}
    for row in rows:
        if row["verdict"] != "unknown":
            compared.setdefault(row["basis"], Counter())[row["verdict"]] += 1
    if not compared:
        return "For no quarter can recruits be held against claimed casualties: one of the two is missing or not usable"
    wording = {"below": "fewer in {}", "exceeds": "more in {}", "overlaps": "undecided in {}"}
    parts = []
    for basis in _styles(rows):
        ways = compared.get(basis)
        if ways is None:
            continue
        found = listed([wording[way].format(ways[way]) for way in wording if ways[way]])
        parts.append(f"{_label(basis)}, {found} of {ways.total()}")
    return (
        "Recruits against the killed and wounded that the General Staff claims, in quarters that can be compared: "
        + "; ".join(parts)
    )


def _balances(rows: list[Row]) -> list[str]:
    """A speaker's own count of recruits and losses, which the daily reports need not cover."""
    return [
        f"{row['claimant']}, of {day(row['period_start'])} to {day(row['period_end'])}, as stated and often rounded: "
        f"{count(row['recruits'])} recruits, {count(row['stated_casualties'])} killed and wounded "
        f"({listed(sorted({str(urlsplit(url).hostname) for url in row['source_urls'].split()}))})."
        for row in rows
    ]


def _label(basis: str) -> str:
    return BASES.get(basis, (basis,))[0]


def _ends(row: Row) -> str:
    low, high = row["recruits_low"], row["recruits_high"]
    if low is not None and high is not None:
        return count(low) if low == high else f"{count(low)} to {count(high)}"
    return f"at least {count(low)}" if low is not None else f"at most {count(high)}"


def _description(rows: list[Row]) -> str:
    lines = [
        f"{row['period']}, {_label(row['basis'])}: {_ends(row)} recruits, "
        + (
            f"{count(row['claimed_casualties'])} claimed killed and wounded"
            if row["claimed_casualties"] is not None
            else "no whole claim of killed and wounded"
        )
        for row in rows
    ]
    return f"Marks by quarter from {rows[0]['period']} to {rows[-1]['period']}. {'; '.join(lines)}."


def _draw(canvas: Canvas, rows: list[Row], axis: list[Row], method_breaks: list[Break]) -> Any:
    style = _styles(rows)
    labels = [label for label, _, _ in style.values()]
    losses = _losses(rows)
    periods = [row["period"] for row in axis]
    width = canvas.width - 62
    x = alt.X(
        "period:O",
        scale=alt.Scale(domain=periods, paddingInner=0.15),
        title=None,
        axis=alt.Axis(labelAngle=0, labelExpr="[slice(datum.label, 5), slice(datum.label, 0, 4)]", ticks=False),
    )
    offset = alt.XOffset("basis:N", scale=alt.Scale(domain=labels, paddingInner=0.3, paddingOuter=0.3))
    legend = alt.Legend(title="recruits, by kind of evidence", columns=2 if canvas.is_narrow else 4, symbolSize=70)
    hues = alt.Scale(domain=labels, range=[hue for _, _, hue in style.values()])
    colour = alt.Color("basis:N", scale=hues, legend=legend)
    shapes = alt.Scale(domain=labels, range=[shape for _, shape, _ in style.values()])
    shape = alt.Shape("basis:N", scale=shapes, legend=legend)
    stroke = alt.Stroke(
        "measure:N",
        scale=alt.Scale(
            domain=[name for name in LOSSES.values() if any(row["measure"] == name for row in losses)],
            range=[LIGHT["purple"], LIGHT["ink"]],
        ),
        legend=alt.Legend(title="losses of the quarter", symbolType="stroke", columns=1 if canvas.is_narrow else 2),
    )
    points = alt.Chart(data(_marks(rows, style)))
    layers = [
        alt.Chart(data(losses))
        .mark_tick(
            orient="horizontal",
            fill="transparent",
            thickness=1,
            strokeWidth=1.6,
            opacity=1,
            size=0.86 * width / len(periods),
        )
        .encode(x, amount("amount:Q"), stroke),
        alt.Chart(data(_ranges(rows, style)))
        .mark_rule(strokeWidth=3, opacity=0.45)
        .encode(x, amount("low:Q"), alt.Y2("high:Q"), offset, colour),
        points.transform_filter("datum.is_compared")
        .mark_point(size=70, filled=True, opacity=1)
        .encode(x, amount("recruits:Q"), offset, colour, shape),
        points.transform_filter("!datum.is_compared")
        .mark_point(size=70, filled=False, opacity=1, strokeWidth=2)
        .encode(x, amount("recruits:Q"), offset, colour, shape),
        *break_rules(method_breaks, axis, 8),
    ]
    return alt.layer(*layers).properties(width=width, height=300 if canvas.is_narrow else 320)


def _styles(rows: list[Row]) -> dict[str, Style]:
    """Every basis of the rows as it is drawn, those known here first."""
    given = {row["basis"] for row in rows}
    bases = [*(basis for basis in BASES if basis in given), *sorted(given - set(BASES))]
    return {basis: BASES.get(basis, (basis, "cross", LIGHT["muted"])) for basis in bases}


def _ranges(rows: list[Row], style: dict[str, Style]) -> list[Row]:
    """The rows whose statements differ, from the lowest to the highest."""
    return [
        {
            "period": row["period"],
            "basis": style[row["basis"]][0],
            "low": row["recruits_low"],
            "high": row["recruits_high"],
        }
        for row in rows
        if None not in (row["recruits_low"], row["recruits_high"]) and row["recruits_low"] < row["recruits_high"]
    ]


def _marks(rows: list[Row], style: dict[str, Style]) -> list[Row]:
    """The stated figures; where they differ both ends are marked, for a mark between them would be nobody's figure."""
    return [
        {
            "period": row["period"],
            "basis": style[row["basis"]][0],
            "recruits": end,
            "is_compared": row["verdict"] != "unknown",
        }
        for row in rows
        for end in sorted({row["recruits_low"], row["recruits_high"]} - {None})
    ]


def _losses(rows: list[Row]) -> list[Row]:
    """The losses of each quarter, which are the same beside every basis."""
    return [
        {"period": row["period"], "amount": row[column], "measure": name}
        for row in {row["period"]: row for row in rows}.values()
        for column, name in LOSSES.items()
        if row[column] is not None
    ]
