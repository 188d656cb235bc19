"""Sources that publish a file a day, its date in its name."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from orchestration.sources.day_by_day import DayByDay, State
from orchestration.sources.errors import RefusedFileError
from orchestration.sources.path_dates import dates_in_name

if TYPE_CHECKING:
    from orchestration.sources.intake.archive import RawFile


class DailyFiles(DayByDay[State]):
    """One file a day.

    Attributes:
        path_of_day: the path upstream gives to the file of a day, as a format of a date.
    """

    path_of_day: ClassVar[str]

    def in_force(self, files: "Sequence[RawFile]") -> "Iterable[RawFile]":
        """The version of each day."""
        from orchestration.sources.intake.archive import newest_by_path

        return newest_by_path(files)

    def upload_path(self, name: str, as_of: date) -> str:
        """The path of the day, unless the name says another one."""
        if (named := dates_in_name(name)) and as_of not in named:
            raise RefusedFileError(f"its name says {min(named)}, not {as_of}: rename it or correct the date")
        return self.path_of_day.format(as_of)
