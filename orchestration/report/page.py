"""The page of a release: one self-contained HTML file, and beside it a PNG and a CSV a chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from orchestration.report import Report
from orchestration.report.figure import NARROW, WIDE, Figure, query
from orchestration.report.figures import (
    branches,
    claims,
    completeness,
    deaths_as_known,
    expected_deaths,
    per_km2,
    provenance,
    recruits,
    territory,
    totals,
)
from orchestration.report.render import formatting, svg
from orchestration.report.render.palette import HATCH_PATTERN, css_variables, with_variables
from orchestration.report.render.png import PngRenderer

TEMPLATES = Path(__file__).with_name("templates")
INDEX = "index.html"

# Of one kind only the newest; what the list holds is dated by kind, for they end on different days.
NEWEST_READINGS = """
select reading, as_of from list_readings where is_newest order by as_of desc, reading
"""
READINGS = {"daily_vintage": "by day", "weekly_export": "by week", "named_total": "in all"}


@dataclass(frozen=True)
class Section:
    """A part of the story: its heading, what it is about, and its figures in order."""

    anchor: str
    heading: str
    lead: str
    figures: Sequence[Any]


SECTIONS = (
    Section(
        "weeks",
        "Deaths by week, and when they were known",
        "Names are found months and years after a death. A count without the date it was known on says little, and the "
        "newest weeks always look quieter than they were.",
        (deaths_as_known, expected_deaths),
    ),
    Section(
        "in-all",
        "How many in all",
        "Several totals answer different questions. They are not to be added, averaged or read as one series.",
        (totals,),
    ),
    Section(
        "recruits",
        "Recruits and losses",
        "There is no one number of recruits: each kind of evidence stands apart, and a quarter without figures is "
        "empty.",
        (recruits,),
    ),
    Section(
        "area",
        "Area, and losses a square kilometre",
        "Areas are levels of a map at two dates. A ratio is left out where the area is too small or negative to carry "
        "it, or where deaths are still being confirmed.",
        (territory, per_km2),
    ),
    Section(
        "list",
        "What the list covers",
        "How far confirmation has come for each month, and who the dead served with.",
        (completeness, branches),
    ),
)


def write_report(
    database: Path, folder: Path, version: str | None = None, published_at: datetime | None = None
) -> Report:
    """Write the page of a release and its files.

    Args:
        database: the built release, opened read-only; all published tables must be in it, rows need not.
        folder: where `index.html`, `<chart>.png` and `<chart>.csv` go; created if missing, files of the same names
            are replaced.
        version: the release's version, printed on the page if given.
        published_at: when it is published, UTC, printed on the page if given.

    Returns:
        What was written.

    Raises:
        duckdb.Error: the file cannot be read, or a published table or column is not there.
        PngError: a PNG could not be rendered or written.
        ValueError: a drawing came out in a colour that the page cannot adapt to light and dark.
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        shown = _write_figures(connection, folder)
        scorecard = claims.scorecard(connection)
        sources = provenance.sources(connection)
        checks = provenance.checks(connection)
        readings = query(connection, NEWEST_READINGS)
    listings = {claims.NAME: scorecard.table, provenance.SOURCES: sources.table, provenance.CHECKS: checks.table}
    for name, table in listings.items():
        table.write_csv(folder / f"{name}.csv")
    html = (
        _environment()
        .get_template("page.html.jinja")
        .render(
            parts=[
                {"section": section, "figures": [shown[module.NAME] for module in section.figures]}
                for section in SECTIONS
            ],
            scorecard=scorecard,
            sources=sources,
            checks=checks,
            as_of=max((row["as_of"] for row in readings), default=None),
            readings=formatting.listed(
                [f"{READINGS[row['reading']]} as of {formatting.day(row['as_of'])}" for row in readings]
            ),
            version=version,
            published_at=published_at,
            light=css_variables("light"),
            dark=css_variables("dark"),
            hatch=with_variables(HATCH_PATTERN),
        )
    )
    (folder / INDEX).write_text(html, encoding="utf-8")
    return Report(
        folder / INDEX,
        (INDEX, *(file for drawn in shown.values() for file in drawn.files), *(f"{name}.csv" for name in listings)),
        {name: drawn.figure.missing for name, drawn in shown.items() if drawn.figure.missing},
        {name: drawn.stand_alone for name, drawn in shown.items() if drawn.stand_alone},
    )


@dataclass(frozen=True)
class Drawn:
    """A figure as drawn: on its own, for its PNG, and as it stands in the page, by width; none where it is missing."""

    figure: Figure
    stand_alone: str | None
    drawings: Sequence[tuple[str, str]]

    @property
    def files(self) -> list[str]:
        """What is written of it beside the page."""
        return [f"{self.figure.name}.csv", *([f"{self.figure.name}.png"] if self.stand_alone else [])]


def _write_figures(database: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, Drawn]:
    """All figures by name, in the order of the page, their CSVs and PNGs written; PNGs are rendered meanwhile."""
    shown = {}
    with PngRenderer() as png:
        for section in SECTIONS:
            for module in section.figures:
                drawn = _drawn(module.figure(database))
                name = drawn.figure.name
                drawn.figure.table.write_csv(folder / f"{name}.csv")
                if drawn.stand_alone:
                    png.render(drawn.stand_alone, folder / f"{name}.png")
                shown[name] = drawn
    return shown


def _drawn(figure: Figure) -> Drawn:
    """A figure drawn for wide screens and for phones."""
    if figure.draw is None:
        return Drawn(figure, None, ())
    wide = svg.to_svg(figure, WIDE)
    return Drawn(
        figure,
        svg.to_stand_alone(figure, wide),
        (
            ("wide", svg.for_page(wide, f"{figure.name}-wide")),
            ("narrow", svg.for_page(svg.to_svg(figure, NARROW), f"{figure.name}-narrow")),
        ),
    )


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(cell=formatting.cell, day=formatting.day)
    environment.tests.update(is_number=_is_number, is_addresses=_is_addresses)
    return environment


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_addresses(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://"))
