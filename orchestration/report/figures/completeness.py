"""How complete the list was for each month of death at each vintage."""

from datetime import date, timedelta
from typing import Any

import altair as alt
import duckdb

from orchestration.dbt import thresholds
from orchestration.report.figure import Break, Canvas, Figure, Row, Table, breaks, credit, not_drawn, query
from orchestration.report.render.formatting import day, month, share, short_day, some
from orchestration.report.render.palette import LIGHT, SHADES
from orchestration.report.render.svg import data

NAME = "completeness"

MONTHS = "select * from report.report_completeness order by as_of, period_start"

HEADINGS = {
    "period": "month of death",
    "as_of": "as of",
    "confirmed_deaths": "confirmed deaths then",
    "expected_deaths_6m": "expected in six months from the newest vintage",
    "completeness": "completeness",
}

CLASSES = ("under 20 %", "20–39 %", "40–59 %", "60–79 %", "80 % and more")
TOO_YOUNG = "too young to say"


def figure(database: duckdb.DuckDBPyConnection) -> Figure:
    """Share of the names expected for a month that were on the list at a vintage, by month and vintage."""
    rows = query(database, MONTHS)
    table = Table(HEADINGS, rows)
    if not any(row["completeness"] is not None for row in rows):
        return not_drawn(
            NAME,
            "How complete the list is, by month",
            "Nothing is expected of any month at present, so it cannot be said how complete the list is: that takes "
            f"two vintages at least {thresholds.whole('confirmation_min_span_days')} days apart, no change of "
            "method between them and no unreviewed break in the newest step.",
            table,
        )
    newest = rows[-1]["as_of"]
    method_breaks = breaks(database, rows[0]["as_of"], newest, "confirmed_deaths")
    by = newest + timedelta(days=thresholds.whole("expected_horizon_days"))
    return Figure(
        name=NAME,
        title=_title(rows, by),
        subtitle="Names confirmed at each vintage as a share of those the list was expected to show for the month half "
        f"a year after its newest vintage ({short_day(newest)}); a share of the list, not of the toll. "
        "Each row is the last vintage of a quarter.",
        source=credit(database, "confirmed_deaths"),
        description=_description(rows),
        table=table,
        draw=lambda canvas: _draw(canvas, rows, method_breaks),
        notes=[
            *(item.note for item in method_breaks),
            *(
                f"The list changed its method on {day(item.on)}, within the half-year looked ahead: no pace could tell "
                "of the names it added."
                for item in breaks(database, newest + timedelta(days=1), by, "confirmed_deaths")
            ),
            *_overtaken(rows, newest),
        ],
    )


def _overtaken(rows: list[Row], newest: date) -> list[str]:
    """Of how many months more is known by now than was expected."""
    held = [row for row in rows if row["as_of"] == newest and row["is_overtaken"] is not None]
    if not held:
        return []
    overtaken = [row for row in held if row["is_overtaken"]]
    reading = max(row["later_as_of"] for row in held)
    return [
        f"Of {some(len(held), 'month')} that something was expected of, {len(overtaken)} "
        f"{'is' if len(overtaken) == 1 else 'are'} overtaken: the reading of {day(reading)} shows more names than were "
        "expected, so the list was less complete than drawn here."
    ]


def _title(rows: list[Row], by: date) -> str:
    expected = f"expected for it by {month(by)} from the list of {day(rows[-1]['as_of'])}"
    # What half a year of confirmation has brought.
    at_six = [row["completeness"] for row in rows if row["completeness"] is not None and row["is_half_a_year_old"]]
    if at_six:
        return (
            f"Half a year after a month, the list had {share(min(at_six))} to {share(max(at_six))} of the names "
            f"{expected}"
            if max(at_six) - min(at_six) >= 0.01
            else f"Half a year after a month, the list had {share(at_six[0])} of the names {expected}"
        )
    last = [row for row in rows if row["completeness"] is not None][-1]
    return (
        f"For {month(last['period_start'])} the list had {share(last['completeness'])} of the names {expected} on "
        f"{day(last['as_of'])}"
    )


def _description(rows: list[Row]) -> str:
    newest = [row for row in rows if row["as_of"] == rows[-1]["as_of"] and row["completeness"] is not None]
    months, vintages = ({row[column] for row in rows} for column in ("period", "as_of"))
    words = f"A grid of {some(len(months), 'month')} by {some(len(vintages), 'vintage')}."
    if newest:
        first, last = newest[0], newest[-1]
        words += (
            f" In the newest vintage, {month(first['period_start'])} is {share(first['completeness'])} complete and "
            f"{month(last['period_start'])} {share(last['completeness'])}; later months are too young to say."
        )
    return words


def _draw(canvas: Canvas, rows: list[Row], method_breaks: list[Break]) -> Any:
    months = {row["period"]: row for row in rows}
    periods = sorted(months)
    vintages = sorted({row["as_of"] for row in rows}, reverse=True)
    cells = [
        {
            "month": row["period"],
            "vintage": short_day(row["as_of"]),
            "complete": TOO_YOUNG if row["completeness"] is None else CLASSES[min(4, int(row["completeness"] * 5))],
        }
        for row in rows
    ]
    domain = [*CLASSES, TOO_YOUNG] if any(cell["complete"] == TOO_YOUNG for cell in cells) else list(CLASSES)
    years = [period for period in periods if period.endswith("-01")] or periods[:1]
    x = alt.X(
        "month:O",
        scale=alt.Scale(domain=periods, paddingInner=0.06),
        title=None,
        axis=alt.Axis(values=years, labelExpr="slice(datum.label, 0, 4)", labelAngle=0, labelOverlap=False),
    )
    y = alt.Y("vintage:N", sort=[short_day(when) for when in vintages], scale=alt.Scale(paddingInner=0.06), title=None)
    grid = (
        alt.Chart(data(cells))
        .mark_rect()
        .encode(
            x,
            y,
            alt.Fill(
                "complete:N",
                scale=alt.Scale(domain=domain, range=[*SHADES[:4], SHADES[5], LIGHT["hatch"]][: len(domain)]),
                legend=alt.Legend(
                    title=None, columns=2 if canvas.is_narrow else 6, symbolType="square", symbolSize=130
                ),
            ),
        )
    )
    return alt.layer(grid, *_break_rules(vintages, method_breaks)).properties(
        width=canvas.width - 96, height=alt.Step(22 if canvas.is_narrow else 24)
    )


def _break_rules(vintages: list[date], method_breaks: list[Break]) -> list[alt.Chart]:
    """Rules between the vintages before and after a break of method, newest first, each with its letter."""
    layers = []
    for item in method_breaks:
        before = next((short_day(when) for when in vintages if when < item.on), None)
        if before:
            rule = alt.Chart(data([{"vintage": before}]))
            at = alt.Y("vintage:N", sort=[short_day(when) for when in vintages], bandPosition=0)
            layers += [
                rule.mark_rule(strokeDash=[2, 2], color=LIGHT["ink"]).encode(at),
                rule.mark_text(text=item.letter, align="left", dx=3, fontWeight="bold", color=LIGHT["muted"]).encode(
                    at, x=alt.XValue("width")
                ),
            ]
    return layers
