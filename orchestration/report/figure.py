"""What a figure of the page is: a finding, the table it rests on, and how to draw it."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import altair as alt
import duckdb

from orchestration.report.render import formatting

Row = dict[str, Any]


@dataclass(frozen=True)
class Canvas:
    """Room for a drawing: px at which its letters have their true size, and whether that is a phone's width."""

    width: int
    is_narrow: bool


WIDE = Canvas(width=720, is_narrow=False)
# A phone of 390 px less the page's margins.
NARROW = Canvas(width=350, is_narrow=True)


@dataclass(frozen=True)
class Table:
    """The rows behind a figure: columns as named in the CSV with their headings on the page, and rows by column."""

    headings: Mapping[str, str]
    rows: Sequence[Row]

    def write_csv(self, path: Path) -> None:
        """Write the rows as UTF-8 CSV, dates as ISO, missing values empty."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(self.headings)
            writer.writerows([row[column] for column in self.headings] for row in self.rows)


@dataclass(frozen=True)
class Figure:
    """One figure of the page.

    Attributes:
        name: stem of its files.
        title: the finding, computed; where `draw` is None, what is shown here otherwise.
        subtitle: measure, claimant and as-of date.
        source: the line that says where the figures come from.
        description: what a reader who cannot see the drawing needs, from the data.
        table: its figures.
        draw: draws it for a canvas; None where the data do not allow it.
        missing: why it is not drawn, a sentence; None where it is.
        notes: what a reader must know to read it right, such as breaks of method.
    """

    name: str
    title: str
    subtitle: str
    source: str
    description: str
    table: Table
    draw: Callable[[Canvas], alt.TopLevelMixin] | None
    missing: str | None = None
    notes: Sequence[str] = field(default_factory=tuple)


def not_drawn(name: str, title: str, missing: str, table: Table) -> Figure:
    """A figure whose data are missing: a sentence says so, in place of an empty frame."""
    return Figure(name, title, "", "", missing, table, None, missing)


def query(database: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> list[Row]:
    """The answer of a query, a dictionary a row; rows are as they were modelled, at most filtered and ordered here."""
    answer = database.execute(sql, list(parameters))
    columns = [column[0] for column in answer.description]
    return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]


def newest(database: duckdb.DuckDBPyConnection, table: str, column: str) -> date | None:
    """The newest date in a column of a published table; None where the table is empty."""
    (row,) = query(database, f"select max({column}) as newest from {table}")
    return row["newest"]


def credit(database: duckdb.DuckDBPyConnection, *sources: str, others: str | None = None) -> str:
    """The source line of a figure: the publisher of each source and the newest date it speaks of, each once.

    Args:
        database: the published file.
        sources: names as in source_status, in the order of their weight.
        others: what to say of figures that come from elsewhere.
    """
    rows = query(
        database,
        "select publisher, last_observation from source_status where list_contains(?, source) "
        "order by list_position(?, source)",
        list(sources),
        list(sources),
    )
    through: dict[str, list[date]] = {}
    for row in rows:
        through.setdefault(row["publisher"], []).extend([row["last_observation"]] if row["last_observation"] else [])
    named = [
        publisher + (f" (through {formatting.short_day(max(days))})" if days else "")
        for publisher, days in through.items()
    ]
    parts = [
        f"Source: {'; '.join(named)}" if named else "Source: see the sources below",
        others,
        "Computed by War Losses",
    ]
    return " ".join(f"{part}." for part in parts if part)


def claims_sources(database: duckdb.DuckDBPyConnection) -> list[str]:
    """The sources that the claims come from, as named in source_status: a second one where the first stood still."""
    rows = query(database, "select distinct source from claimed_casualties_by_day order by source")
    return [row["source"] for row in rows]


@dataclass(frozen=True)
class Break:
    """A day across which a series cannot be compared with itself, with the letter it has in one figure."""

    letter: str
    on: date
    what_changed: str

    @property
    def note(self) -> str:
        """The line under the figure that the letter stands for."""
        return f"{self.letter}: method break on {formatting.day(self.on)}. {formatting.sentence(self.what_changed)}"


def breaks(database: duckdb.DuckDBPyConnection, first: date, last: date, *sources: str) -> list[Break]:
    """The breaks of method of these sources from `first` to `last`, lettered by date."""
    rows = query(
        database,
        "select break_date, what_changed from method_breaks where list_contains(?, source) and break_date between ? "
        "and ? order by break_date, source",
        list(sources),
        first,
        last,
    )
    by_day = groupby(rows, key=itemgetter("break_date"))
    return [
        Break(chr(ord("A") + index % 26), day, " ".join(row["what_changed"] for row in of_day))
        for index, (day, of_day) in enumerate(by_day)
    ]
