"""Sources published in dated releases whose files carry no date: each release revises all weeks and is kept whole."""

import re
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from orchestration.dbt import thresholds
from orchestration.sources.base import Candidate, Read, Tables
from orchestration.sources.day_by_day import DayByDay
from orchestration.sources.errors import RefusedFileError
from orchestration.sources.rules import drop, first, rise

if TYPE_CHECKING:
    import pandas as pd

    from orchestration.sources.intake.archive import RawFile


@dataclass(frozen=True)
class WeeklyRelease:
    """One release: the weeks it speaks of, its totals (people) and further measures of it (people)."""

    as_of: date
    weeks: frozenset[date]
    totals: Mapping[str, float]
    measures: Mapping[str, float]


Release = TypeVar("Release", bound=WeeklyRelease)


class DatedReleases(DayByDay[Release]):
    """One file at a fixed path, observation tables keyed by release and week; the last one has rows of every release.

    Attributes:
        path: of the file.
        released_on: the day of release by blob sha, as far as it is known; new ones are added here.
    """

    path: ClassVar[str]
    released_on: ClassVar[Mapping[str, date]]
    is_dated_by_release = True

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.path_pattern = re.compile(re.escape(cls.path))

    def day_of(self, file: "RawFile") -> date:
        """The day of release: known of this content, else said by who uploaded it, else the day first seen (UTC)."""
        return self.released_on.get(file.blob_sha) or file.released_on or file.first_seen_at.date()

    def in_force(self, files: "Sequence[RawFile]") -> "Iterable[RawFile]":
        """Every version: each is a release."""
        return sorted(files, key=lambda file: file.first_seen_at)

    @abstractmethod
    def release(self, day: date, tables: Tables) -> Release:
        """What a release says, as the rules compare it, from its rows in each table."""

    def tables_of(self, parsed: "pd.DataFrame") -> Tables:
        """The rows of a release in each table, without its day; what was parsed where there is one table."""
        (table,) = self.table_names
        return {table: parsed}

    def state(self, day: date, parsed: "pd.DataFrame") -> Release:
        """What a parsed file says."""
        return self.release(day, self.tables_of(parsed))

    def shipped_states(self, shipped: Tables) -> Iterable[tuple[date, Callable[[], Release]]]:
        """The shipped releases."""
        for as_of, tables in self._by_release(shipped).items():
            yield as_of, partial(self.release, as_of, tables)

    def _by_release(self, filled: Tables) -> dict[date, Tables]:
        """The rows of each release in each table."""
        days = sorted({day for shape in self.tables for day in filled[shape.name]["as_of"].unique()})
        return {
            day.date(): {name: filled[name][filled[name]["as_of"] == day] for name in self.table_names} for day in days
        }

    def newest_day(self, candidate: Candidate) -> date:
        """Its last week or its release, whichever is later."""
        return max(candidate.dated, candidate.parsed["week_start"].max().date())

    def objection(self, candidate: Release, earlier: Release | None, later: Release | None) -> str | None:
        """Whether a release can follow the one before it, and the one after it can follow it."""
        return first(
            releases(earlier, candidate) if earlier else None,
            lambda: releases(candidate, later) if later else None,
        )

    def assemble(self, files: "Sequence[RawFile]", shipped: Tables, read: Read, workspace: Path) -> Tables:
        """All releases: the shipped ones overlaid by every version of the file.

        One that says nothing but what a release already held says is no new one; one of the same day replaces that
        whole.
        """
        import pandas as pd

        from orchestration.sources import tables

        held = self._by_release(shipped)
        for file in self.in_force(files):
            as_of = self.day_of(file)
            parts = self.tables_of(read(file))
            release = {
                shape.name: tables.conform(shape, parts[shape.name].assign(as_of=pd.Timestamp(as_of)))
                for shape in self.tables
            }
            if not any(_says_nothing_new(release, known) for known in held.values()):
                held[as_of] = release
        return {
            shape.name: tables.conform(
                shape,
                pd.concat(
                    [tables.empty(shape), *(release[shape.name] for release in held.values())], ignore_index=True
                ),
            )
            for shape in self.tables
        }

    def upload_path(self, name: str, as_of: date) -> str:
        """The one path there is."""
        return self.path

    def refuse_other_date(self, parsed: "pd.DataFrame", sha: str, as_of: date) -> None:
        """A release has one day, and no week lies after it."""
        known, last_week = self.released_on.get(sha), parsed["week_start"].max().date()
        if known not in (None, as_of):
            raise RefusedFileError(f"it is the release of {known}, not of {as_of}")
        if last_week > as_of:
            raise RefusedFileError(f"it speaks of the week of {last_week}, after its release on {as_of}")


def releases(earlier: WeeklyRelease, later: WeeklyRelease) -> str | None:
    """Whether a release of a weekly series can follow another."""
    if lost := earlier.weeks - later.weeks:
        return (
            f"rows lost: the release of {later.as_of} lacks {len(lost)} of the {len(earlier.weeks)} weeks of the "
            f"release of {earlier.as_of}, the first that of {min(lost)}"
        )
    allowed = thresholds.number("release_fall_share")
    for name, total in earlier.totals.items():
        if later.totals[name] < total * (1 - allowed):
            return (
                f"history shrunk: the sum of {name} falls from {total:,.0f} (release of {earlier.as_of}) to "
                f"{later.totals[name]:,.0f} (release of {later.as_of}), by {1 - later.totals[name] / total:.1%} "
                f"(allowed are {allowed:.0%})"
            )
    return first(
        *(
            rule(name, value, later.measures.get(name, 0))
            for name, value in earlier.measures.items()
            for rule in (rise, drop)
        )
    )


def _says_nothing_new(release: Tables, known: Tables) -> bool:
    """Whether every table that the release fills is in the known one; what it does not fill it says nothing of."""
    return all(_same_content(rows, known[name]) for name, rows in release.items() if len(rows))


def _same_content(one: "pd.DataFrame", other: "pd.DataFrame") -> bool:
    return one.drop(columns="as_of").reset_index(drop=True).equals(other.drop(columns="as_of").reset_index(drop=True))
