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
    files = [INDEX]
    with duckdb.connect(str(database), read_only=True) as connection:
        parts = []
        missing = {}
        stand_alone = {}
        with PngRenderer() as png:
            for section in SECTIONS:
                shown = []
                for module in section.figures:
                    figure = module.figure(connection)
                    figure.table.write_csv(folder / f"{figure.name}.csv")
                    files.append(f"{figure.name}.csv")
                    wide = svg.to_svg(figure, WIDE) if figure.draw else None
                    if wide:
                        stand_alone[figure.name] = svg.to_stand_alone(figure, wide)
                        png.render(stand_alone[figure.name], folder / f"{figure.name}.png")
                        files.append(f"{figure.name}.png")
                    else:
                        missing[figure.name] = figure.missing
                    shown.append({"figure": figure, "drawings": _for_page(figure, wide)})
                parts.append({"section": section, "figures": shown})
        scorecard = claims.scorecard(connection)
        sources = provenance.sources(connection)
        checks = provenance.checks(connection)
        for name, table in (
            (claims.NAME, scorecard.table),
            (provenance.SOURCES, sources.table),
            (provenance.CHECKS, checks.table),
        ):
            table.write_csv(folder / f"{name}.csv")
            files.append(f"{name}.csv")
        html = (
            _environment()
            .get_template("page.html.jinja")
            .render(
                parts=parts,
                scorecard=scorecard,
                sources=sources,
                checks=checks,
                as_of=query(connection, "select max(as_of) as as_of from vintages")[0]["as_of"],
                version=version,
                published_at=published_at,
                light=css_variables("light"),
                dark=css_variables("dark"),
                hatch=with_variables(HATCH_PATTERN),
            )
        )
    (folder / INDEX).write_text(html, encoding="utf-8")
    return Report(folder / INDEX, tuple(files), missing, stand_alone)


def _for_page(figure: Figure, wide: str | None) -> list[tuple[str, str]]:
    """The drawings of a figure as the template takes them: for wide screens and for phones."""
    if wide is None:
        return []
    return [
        ("wide", svg.for_page(wide, f"{figure.name}-wide")),
        ("narrow", svg.for_page(svg.to_svg(figure, NARROW), f"{figure.name}-narrow")),
    ]


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
