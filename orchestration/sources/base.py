"""What a source is: the facts that are known of an upstream, and how its files are read, judged and turned into tables.

What belongs here: the contract that every source fulfils. What does not: a source (a folder each), the four shapes in
which upstreams publish (`daily_files`, `whole_series`, `dated_releases`, `overwritten_file`) and the mechanics they
share (`intake`).
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

import pyarrow as pa

if TYPE_CHECKING:  # a process that only lists the sources loads no pandas
    import pandas as pd

    from orchestration.sources.checks import Check
    from orchestration.sources.intake.archive import RawFile

Tables = dict[str, "pd.DataFrame"]
"""Observation tables by name."""
Read = Callable[["RawFile"], "pd.DataFrame"]
"""Parses a file of the archive, each version once."""

KB, MB = 1_000, 1_000_000


@dataclass(frozen=True)
class TableShape:
    """An observation table: columns in order, the key its rows are unique and sorted by, and what dates it."""

    name: str
    schema: pa.Schema
    key: tuple[str, ...]
    dated_by: str

    @property
    def columns(self) -> list[str]:
        """Column names in order."""
        return self.schema.names


def columns(optional: tuple[str, ...] = (), **types: pa.DataType) -> pa.Schema:
    """Columns in order; only the optional ones may be null."""
    return pa.schema([pa.field(name, kind, nullable=name in optional) for name, kind in types.items()])


DATE, INT, DOUBLE, TEXT = pa.date32(), pa.int32(), pa.float64(), pa.string()
UTC_TIME = pa.timestamp("us")  # times are UTC and written without a zone: DuckDB's TIMESTAMP


@dataclass(frozen=True)
class Candidate:
    """A file that could be read: what its parser made of it, the day it speaks for, the day it was first seen (UTC)."""

    path: str
    parsed: "pd.DataFrame"
    dated: date
    first_seen: date


class Accepted(Protocol):
    """What is accepted of a source: what the gate holds a candidate against."""

    def objection(self, candidate: Candidate) -> str | None:
        """Why a file cannot be right beside what is accepted; None where nothing speaks against it."""

    def take(self, candidate: Candidate) -> None:
        """Count a file as accepted."""


class Source(ABC):
    """One upstream. Facts are class attributes, all of them required unless a value is given here.

    Attributes:
        name: of the folder, of the assets, and in every table that names sources.
        repository: OWNER/NAME on GitHub; `branch` is the one that is read.
        path_pattern: the files of this source among all of the repository.
        cadence_days: age at which the figures are older than the source's rhythm; None for a closed series.
        alarm_days: age at which a source that is asked and has nothing new must have stopped; None where its rhythm is
            too loose to tell.
        max_bytes: of one file; some ten times the largest seen, to stop a runaway answer.
        tables: the observation tables it fills; the last one says how fresh the source is.
        note: what a reader of its figures must know.
        is_dated_by_release: whether its files carry no date, so that who uploads one has to say its day of release.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    publisher: ClassVar[str]
    repository: ClassVar[str]
    branch: ClassVar[str]
    path_pattern: ClassVar[re.Pattern[str]]
    licence: ClassVar[str]
    citation: ClassVar[str]
    cadence_days: ClassVar[int | None]
    alarm_days: ClassVar[int | None] = None
    max_bytes: ClassVar[int]
    tables: ClassVar[tuple[TableShape, ...]]
    note: ClassVar[str]
    is_dated_by_release: ClassVar[bool] = False

    def __init__(self) -> None:
        missing = [fact for fact in Source.__annotations__ if not hasattr(self, fact)]
        if missing:
            raise TypeError(f"{type(self).__module__}.{type(self).__name__} does not say its {', '.join(missing)}")

    @property
    def url(self) -> str:
        """Where a reader finds the files."""
        return f"https://github.com/{self.repository}"

    @property
    def table_names(self) -> tuple[str, ...]:
        """Names of the observation tables."""
        return tuple(table.name for table in self.tables)

    def matches(self, path: str) -> bool:
        """Whether a path of the repository is a file of this source."""
        return self.path_pattern.fullmatch(path) is not None

    def day_of(self, file: "RawFile") -> date:
        """The day a file speaks for."""
        return file.dated

    @abstractmethod
    def parse(self, content: bytes, path: str) -> "pd.DataFrame":
        """Read one file strictly; raises SourceFormatError with file, row and column."""

    @abstractmethod
    def assemble(self, files: "Sequence[RawFile]", shipped: Tables, read: Read, workspace: Path) -> Tables:
        """The observation tables from the shipped figures overlaid by the accepted files.

        Args:
            files: accepted files, all versions.
            shipped: the shipped tables, empty where nothing is shipped.
            read: parses a file, each version once.
            workspace: a folder in which the source may keep what is costly to compute.
        """

    @abstractmethod
    def accepted(self, files: "Sequence[RawFile]", shipped: Tables, read: Read) -> Accepted:
        """What is accepted, for the gate: the shipped figures overlaid by the accepted files."""

    @abstractmethod
    def upload_path(self, name: str, as_of: date) -> str:
        """What upstream would call a file that a person brings under this name; raises RefusedFileError."""

    def refuse_other_date(self, parsed: "pd.DataFrame", sha: str, as_of: date) -> None:  # noqa: B027 - most need none
        """Raise RefusedFileError where the content of an uploaded file contradicts the date given with it."""

    def checks(self) -> "Sequence[Check]":
        """Checks of its tables that need more than the tables: the shipped figures, the archive, today's date."""
        return ()
