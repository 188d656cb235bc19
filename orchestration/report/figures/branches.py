"""Who the confirmed dead served with, over time."""

from typing import Any

import altair as alt
import duckdb

from orchestration.report.figure import Break, Canvas, Figure, Row, Table, breaks, credit, not_drawn, query
from orchestration.report.render.axes import break_rules
from orchestration.report.render.formatting import count, share, short_day
from orchestration.report.render.palette import LIGHT
from orchestration.report.render.svg import data

NAME = "branches"

# The groups that the composition turns on; all others together are "other branches".
GROUPS = {
    "volunteers": LIGHT["blue"],
    "mobilised": LIGHT["amber"],
    "prisoners and private companies": LIGHT["green"],
    "other branches": LIGHT["grey"],
    "no data": LIGHT["hatch"],
}

# Of the names of the fullest year: years with fewer are left out of the title.
LEAST_SHARE_OF_FULLEST = 0.15

QUARTERS = "select * from report.report_branches order by period_start, branch_group"

HEADINGS = {
    "period": "quarter of death",
    "as_of": "as of",
    "branch_group": "branch of service",
    "confirmed_deaths": "confirmed deaths",
    "share": "share",
}


def figure(database: duckdb.DuckDBPyConnection) -> Figure:
    """Shares of the confirmed dead by group of branches and quarter of death, "no data" shown."""
    rows = query(database, QUARTERS)
    table = Table(HEADINGS, rows)
    if not rows:
        return not_drawn(NAME, "Confirmed deaths by branch", "The list holds no deaths by branch of service.", table)
    as_of = rows[0]["as_of"]
    method_breaks = breaks(database, rows[0]["period_start"], as_of, "deaths_by_branch")
    return Figure(
        name=NAME,
        title=_title(rows),
        subtitle="Confirmed deaths (a minimum) on the list of Mediazona and BBC News Russian by branch of service, "
        f"shares of each quarter of death; release of {short_day(as_of)}. The newest quarters rest on few names.",
        source=credit(database, "deaths_by_branch"),
        description=_description(rows),
        table=table,
        draw=lambda canvas: _draw(canvas, rows, method_breaks),
        notes=[item.note for item in method_breaks],
    )


def _years(rows: list[Row]) -> dict[int, dict[str, int]]:
    years: dict[int, dict[str, int]] = {}
    for row in rows:
        year = years.setdefault(row["period_start"].year, {})
        year[row["branch_group"]] = year.get(row["branch_group"], 0) + row["confirmed_deaths"]
    return years


def _title(rows: list[Row]) -> str:
    years = _years(rows)
    names = {year: sum(groups.values()) for year, groups in years.items()}
    # A year of which few names are known yet says little about its dead.
    known = [year for year in years if names[year] >= LEAST_SHARE_OF_FULLEST * max(names.values())]
    shares = {year: years[year].get("volunteers", 0) / names[year] for year in known}
    peak = max(shares, key=lambda year: shares[year])
    if not shares[peak]:
        return "No confirmed death on the list is that of a volunteer; the branches of the others follow"
    title = f"Volunteers are {share(shares[peak])} of the confirmed dead of {peak}"
    first = min(known)
    if first != peak:
        title += f", up from {share(shares[first])} of {first}"
    unknown = years[peak].get("no data", 0) / sum(years[peak].values())
    return title + (f"; for {share(unknown)} there is no data" if unknown else "")


def _description(rows: list[Row]) -> str:
    words = []
    for year, groups in _years(rows).items():
        total = sum(groups.values())
        parts = [f"{group} {share(groups[group] / total)}" for group in GROUPS if groups.get(group)]
        words.append(f"{year} ({count(total)} names): {', '.join(parts)}")
    return f"Stacked bars by quarter of death. {'; '.join(words)}."


def _draw(canvas: Canvas, rows: list[Row], method_breaks: list[Break]) -> Any:
    quarters = sorted({row["period"]: row for row in rows}.values(), key=lambda row: row["period_start"])
    periods = [row["period"] for row in quarters]
    groups = list(GROUPS)
    bars = [{**row, "order": groups.index(row["branch_group"])} for row in rows]
    chart = (
        alt.Chart(data(bars))
        .mark_bar(stroke=LIGHT["paper"], strokeWidth=1)
        .encode(
            alt.X(
                "period:O",
                scale=alt.Scale(domain=periods, paddingInner=0.12),
                title=None,
                axis=alt.Axis(
                    values=[period for period in periods if period.endswith("Q1")] or periods[:1],
                    labelExpr="slice(datum.label, 0, 4)",
                    labelAngle=0,
                    labelOverlap=False,
                ),
            ),
            alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5)),
            alt.Fill(
                "branch_group:N",
                sort=groups,
                scale=alt.Scale(domain=groups, range=list(GROUPS.values())),
                legend=alt.Legend(
                    title=None, columns=2 if canvas.is_narrow else 5, symbolType="square", symbolSize=130
                ),
            ),
            alt.Order("order:Q"),
        )
    )
    return alt.layer(chart, *break_rules(method_breaks, quarters, 8)).properties(
        width=canvas.width - 60, height=260 if canvas.is_narrow else 300
    )
