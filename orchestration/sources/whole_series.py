"""Sources whose files each hold a whole series and grow with it: the newest version stands for all before it."""

import re
from abc import abstractmethod
from collections.abc import Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, ClassVar

from orchestration.sources.base import Accepted, Candidate, Read, Source, Tables
from orchestration.sources.errors import RefusedFileError
from orchestration.sources.rules import first, in_the_future

if TYPE_CHECKING:
    import pandas as pd

    from orchestration.sources.intake.archive import RawFile


class WholeSeries(Source):
    """Files at fixed paths, each with a series from its first day on.

    Attributes:
        paths: all files of the source.
        dated_by: the column of a parsed file that says how far it goes.
    """

    paths: ClassVar[tuple[str, ...]]
    dated_by: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.path_pattern = re.compile("|".join(map(re.escape, cls.paths)))

    @abstractmethod
    def shipped_series(self, path: str, shipped: Tables) -> "pd.DataFrame":
        """What a file of this path would hold of the shipped figures, in the shape `parse` gives."""

    @abstractmethod
    def objection(self, known: "pd.DataFrame", candidate: "pd.DataFrame") -> str | None:
        """Why a version cannot follow the one known; None where nothing speaks against it."""

    def is_dated_to_the_day(self, parsed: "pd.DataFrame") -> bool:
        """Whether the newest figures of a file are those of the day it is of."""
        return True

    def accepted(self, files: "Sequence[RawFile]", shipped: Tables, read: Read) -> Accepted:
        """The newest accepted version of each file, else what is shipped of it."""
        from orchestration.sources.intake.archive import newest_by_path

        return _AcceptedSeries(self, {file.path: file for file in newest_by_path(files)}, shipped, read)

    def upload_path(self, name: str, as_of: date) -> str:
        """The path whose stem the name contains; the only one there is, whatever the name."""
        # The longest first: "…equipment" is a part of "…equipment_correction".
        stems = {PurePosixPath(path).stem: path for path in sorted(self.paths, key=len, reverse=True)}
        found = [path for stem, path in stems.items() if stem in name]
        if not found and len(self.paths) > 1:
            raise RefusedFileError(f"its name does not say which file it is: it must contain {', '.join(stems)}")
        return found[0] if found else self.paths[0]

    def refuse_other_date(self, parsed: "pd.DataFrame", sha: str, as_of: date) -> None:
        """A series is of the day of its newest figures."""
        newest = parsed[self.dated_by].max().date()
        if newest > as_of or (newest != as_of and self.is_dated_to_the_day(parsed)):
            raise RefusedFileError(f"its newest figures are those of {newest}, not of {as_of}")


class _AcceptedSeries:
    def __init__(self, source: WholeSeries, newest: "dict[str, RawFile]", shipped: Tables, read: Read) -> None:
        self._source = source
        self._newest = newest
        self._shipped = shipped
        self._read = read
        self._known: dict[str, pd.DataFrame] = {}

    def objection(self, candidate: Candidate) -> str | None:
        if candidate.path not in self._known:
            file = self._newest.get(candidate.path)
            self._known[candidate.path] = (
                self._read(file) if file else self._source.shipped_series(candidate.path, self._shipped)
            )
        known = self._known[candidate.path]
        newest = candidate.parsed[self._source.dated_by].max().date()
        return first(
            in_the_future(newest, candidate.first_seen),
            lambda: self._source.objection(known, candidate.parsed) if len(known) else None,
        )

    def take(self, candidate: Candidate) -> None:
        self._known[candidate.path] = candidate.parsed
