"""Sources with one file that upstream overwrites, without a date inside: each content is a vintage, kept whole."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from orchestration.sources.base import Read, Tables
from orchestration.sources.day_by_day import DayByDay, State
from orchestration.sources.errors import RefusedFileError

if TYPE_CHECKING:
    import pandas as pd

    from orchestration.sources.intake.archive import RawFile


class OverwrittenFile(DayByDay[State]):
    """One file at a fixed path, one observation table whose key begins with the vintage, `as_of`.

    Attributes:
        path: of the file.
        committed_on: the days on which upstream put a content there, by blob sha, as far as they are known. A content
            that came back after another one has several.
    """

    path: ClassVar[str]
    committed_on: ClassVar[Mapping[str, tuple[date, ...]]]
    is_dated_by_release = True

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.path_pattern = re.compile(re.escape(cls.path))

    def day_of(self, file: "RawFile") -> date:
        """The day it was uploaded for, else the first it is known to be of, else the day first seen (UTC)."""
        return file.released_on or min(self.committed_on.get(file.blob_sha, [file.first_seen_at.date()]))

    def in_force(self, files: "Sequence[RawFile]") -> "Iterable[RawFile]":
        """Every version, on each day it is known to be of; without those that upstream took back.

        A version is taken back when upstream returns to one that was there before it.
        """
        from orchestration.sources.intake.archive import newest_by_path

        for current in newest_by_path(files):
            for file in sorted(files, key=lambda file: file.first_seen_at):
                if file.last_listed_at and file.first_seen_at > current.first_seen_at:
                    continue
                for day in self.committed_on.get(file.blob_sha, [self.day_of(file)]):
                    yield replace(file, released_on=day)

    def shipped_states(self, shipped: Tables) -> Iterable[tuple[date, Callable[[], State]]]:
        """The shipped vintages."""
        (table,) = self.table_names
        for as_of, vintage in shipped[table].groupby("as_of"):
            yield as_of.date(), partial(self.state, as_of.date(), vintage)

    def assemble(self, files: "Sequence[RawFile]", shipped: Tables, read: Read, workspace: Path) -> Tables:
        """All vintages: the shipped ones overlaid by every version of the file.

        A vintage equal to the one before it is none; one of the same day replaces that whole.
        """
        import pandas as pd

        from orchestration.sources import tables

        (shape,) = self.tables
        held = {as_of.date(): vintage for as_of, vintage in shipped[shape.name].groupby("as_of")}
        for file in self.in_force(files):
            day = self.day_of(file)
            held[day] = tables.conform(shape, read(file).assign(as_of=pd.Timestamp(day)))
        vintages = [tables.empty(shape)]
        for day in sorted(held):
            if not _same_content(vintages[-1], held[day]):
                vintages.append(held[day])
        return {shape.name: tables.conform(shape, pd.concat(vintages, ignore_index=True))}

    def upload_path(self, name: str, as_of: date) -> str:
        """The one path there is."""
        return self.path

    def refuse_other_date(self, parsed: "pd.DataFrame", sha: str, as_of: date) -> None:
        """A content whose days are known is of no other day."""
        known = self.committed_on.get(sha, (as_of,))
        if as_of not in known:
            raise RefusedFileError(f"it is of {' and '.join(map(str, known))}, not of {as_of}")


def _same_content(one: "pd.DataFrame", other: "pd.DataFrame") -> bool:
    return one.drop(columns="as_of").reset_index(drop=True).equals(other.drop(columns="as_of").reset_index(drop=True))
