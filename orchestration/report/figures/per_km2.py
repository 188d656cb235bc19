"""Losses a square kilometre of net area: which losses over whose area, and which cells are suppressed."""

from typing import Any

import altair as alt
import duckdb

from orchestration.report.figure import Canvas, Figure, Row, Table, claims_sources, credit, not_drawn, query
from orchestration.report.render.areas import HISTORY, defined
from orchestration.report.render.formatting import day, listed, some
from orchestration.report.render.palette import LIGHT, SHADES
from orchestration.report.render.svg import data

NAME = "losses-per-km2"

RANGES = "select distinct grain, period, period_start from deaths_ranges_published order by period_start, grain"

QUARTERS = "select * from report.report_losses_per_km2 order by area_source, period_start"

HEADINGS = {
    "period": "quarter",
    "area": "area by",
    "net_km2": "net km²",
    "area_as_of": "area as of",
    "as_of": "list as of",
    "probate_as_of": "probate release of",
    "claims_as_of": "claims to the report of",
    "confirmed_deaths_per_km2": "confirmed deaths (a minimum) a km²",
    "probate_estimate_per_km2": "probate estimate a km²",
    "claimed_casualties_per_km2": "claimed killed and wounded a km²",
    "suppressed_because": "why suppressed",
    "flagged_because": "to be read with care",
}

NUMERATORS = {
    "confirmed": "confirmed deaths",
    "probate": "probate estimate",
    "claimed": "claimed, killed and wounded",
}


def figure(database: duckdb.DuckDBPyConnection) -> Figure:
    """Losses per km² by quarter: three numerators over each claimant's area, suppressed cells hatched."""
    rows = [{**row, "area": defined(row["area"], row["area_definition"])} for row in query(database, QUARTERS)]
    table = Table(HEADINGS, rows)
    covered = [row for row in rows if row["net_km2"] is not None]
    if not covered:
        return not_drawn(
            NAME, "Losses per km² by quarter", "No series of areas covers a whole quarter, so no ratio is given.", table
        )
    areas = list(dict.fromkeys(row["area"] for row in covered))
    suppressed = sorted(
        {reason for row in covered for reason in (row["suppressed_because"] or "").split("; ") if reason}
    )
    notes = [
        "Quarters that no area covers whole are left out here; the table says why. Months, half-years and years are in "
        "the published table.",
        "Areas of two definitions are not compared or summed: why they differ is in the table area_by_definition.",
        _on_ranges(query(database, RANGES)),
    ]
    flagged = [f"{row['period']}: {row['flagged_because']}" for row in covered if row["flagged_because"]]
    if flagged:
        notes.append(f"To be read with care: {listed(list(dict.fromkeys(flagged)))}.")
    if any(row["area"].startswith(HISTORY) for row in covered):
        notes.append(
            f"{HISTORY}: net areas by quarter and month as barafael/bavovniatko computed them from the history of "
            "DeepState's map (CC BY 4.0), not continued by those computed here."
        )
    if suppressed:
        notes.insert(0, f"Hatched cells are suppressed: {listed(suppressed)}. The table gives the reason of each.")
    return Figure(
        name=NAME,
        title=_title(covered),
        subtitle="Persons a km² of net area in a quarter, by what is counted and whose area it is divided by "
        f"and what it counts as taken: {listed(areas)}. Confirmed deaths are a minimum; the claim counts killed and "
        "wounded, another unit. "
        f"{_dates(covered[-1])}.",
        source=credit(
            database,
            "occupied_area",
            "confirmed_deaths",
            "probate_estimates",
            *claims_sources(database),
            others="Published areas: AFP from ISW's data, and ISW; history of DeepState's map: barafael/bavovniatko",
        ),
        description=_description(covered),
        table=table,
        draw=lambda canvas: _draw(canvas, covered),
        notes=notes,
    )


def _cells(row: Row) -> list[tuple[str, float | None, str]]:
    """Numerator, the value its shade follows, and its words, for one quarter and area."""
    return [
        (NUMERATORS[name], row[column], "" if row[column] is None else _number(row[column]))
        for name, column in (
            ("confirmed", "confirmed_deaths_per_km2"),
            ("probate", "probate_estimate_per_km2"),
            ("claimed", "claimed_casualties_per_km2"),
        )
    ]


def _number(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def _title(covered: list[Row]) -> str:
    rated = [row for row in covered if row["probate_estimate_per_km2"] is not None]
    if rated:
        newest = max(row["period_start"] for row in rated)
        rows = [row for row in rated if row["period_start"] == newest]
        words = listed([f"{_number(row['probate_estimate_per_km2'])} ({row['area']})" for row in rows])
        return f"Deaths a km² of net area in {_quarter(rows[0])}, by the probate estimate: {words}"
    claimed = [row for row in covered if row["claimed_casualties_per_km2"] is not None]
    if claimed:
        row = claimed[-1]
        return (
            f"Killed and wounded, as claimed, a km² of net area in {_quarter(row)}: "
            f"{_number(row['claimed_casualties_per_km2'])} ({row['area']}); no ratio of deaths is given"
        )
    return (
        f"No ratio of losses to area is given for any of {some(len(covered), 'quarter')} and areas: all are suppressed"
    )


def _dates(row: Row) -> str:
    """What each measure is as of, for each has a source of its own."""
    named = {"as_of": "list as of", "probate_as_of": "probate release of", "claims_as_of": "claims reported to"}
    dates = ", ".join(f"{words} {day(row[column])}" for column, words in named.items() if row[column] is not None)
    return dates[:1].upper() + dates[1:]


def _on_ranges(ranges: list[Row]) -> str:
    """Why the cells are single figures, and where a range is to be had."""
    table = "the table deaths_ranges_published"
    quarters = [row["period"] for row in ranges if row["grain"] == "quarter"]
    if quarters:
        return f"Cells are single figures; ranges of deaths published for {listed(quarters)} are in {table}."
    others = [row["period"] for row in ranges]
    where = f"; those for {listed(others)} are in {table}" if others else ""
    return f"Cells are single figures: no published range of deaths in a quarter has been collected{where}."


def _quarter(row: Row) -> str:
    name = ("first", "second", "third", "fourth")[(row["period_start"].month - 1) // 3]
    return f"the {name} quarter of {row['period_start'].year}"


def _description(covered: list[Row]) -> str:
    words = []
    for row in covered:
        given = [f"{name} {text}" for name, _, text in _cells(row) if text]
        words.append(
            f"{row['period']}, {row['area']}: {', '.join(given) or 'all suppressed'}"
            + (f" (suppressed otherwise: {row['suppressed_because']})" if row["suppressed_because"] else "")
        )
    return f"A grid of ratios a km² by quarter, numerator and area. {'; '.join(words)}."


def _draw(canvas: Canvas, covered: list[Row]) -> Any:
    areas = list(dict.fromkeys(row["area"] for row in covered))
    left = 64
    # Beside each other there is room for two or three areas; on a phone they follow each other.
    each = canvas.width - left - 4 if canvas.is_narrow else (canvas.width - left * len(areas)) / len(areas) - 8
    if not canvas.is_narrow and each < 200:
        each = canvas.width / 2 - left - 8
    most = max((value for row in covered for _, value, _ in _cells(row)[:2] if value is not None), default=1)
    panels = [_panel([row for row in covered if row["area"] == area], area, most, each) for area in areas]
    join = alt.vconcat(*panels, spacing=24) if canvas.is_narrow else alt.concat(*panels, columns=2, spacing=20)
    return join.resolve_scale(y="independent")


def _panel(rows: list[Row], area: str, most: float, width: float) -> Any:
    """The grid of one area; shades follow the largest ratio of deaths over all of them."""
    cells = [
        {"quarter": row["period"], "numerator": name, "words": text, "shade": _shade(name, value, most)}
        for row in rows
        for name, value, text in _cells(row)
    ]
    columns = list(NUMERATORS.values())
    base = alt.Chart(data(cells)).encode(
        alt.X(
            "numerator:N",
            sort=columns,
            scale=alt.Scale(domain=columns),
            title=None,
            axis=alt.Axis(
                orient="top",
                labelAngle=0,
                domain=False,
                ticks=False,
                labelLineHeight=13,
                labelExpr="datum.label == 'claimed, killed and wounded' ? ['claimed,', 'killed and', 'wounded']"
                " : split(datum.label, ' ')",
                labelLimit=120,
                labelBaseline="bottom",
                labelPadding=32,
            ),
        ),
        alt.Y("quarter:O", title=None, sort="ascending"),
    )
    return alt.layer(
        base.mark_rect(stroke=LIGHT["grid"], strokeWidth=1).encode(alt.Fill("shade:N", scale=None)),
        base.mark_text(fontSize=12).encode(alt.Text("words:N")),
    ).properties(width=width, height=alt.Step(24), title=f"area: {area}")


def _shade(numerator: str, value: float | None, most: float) -> str:
    if value is None:
        return LIGHT["hatch"]
    # The claim is another unit, so the shades of deaths do not hold for it.
    if numerator == NUMERATORS["claimed"]:
        return LIGHT["paper"]
    return SHADES[min(2, int(3 * value / (most * 1.001)))]
