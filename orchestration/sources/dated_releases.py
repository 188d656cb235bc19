"""Sources published in dated releases whose files carry no date: each release revises all weeks and is kept whole."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

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


class DatedReleases(DayByDay[WeeklyRelease]):
    """One file at a fixed path, one observation table keyed by release and week.

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

    def shipped_states(self, shipped: Tables) -> Iterable[tuple[date, Callable[[], WeeklyRelease]]]:
        """The shipped releases."""
        (table,) = self.table_names
        for as_of, release in shipped[table].groupby("as_of"):
            yield as_of.date(), partial(self.state, as_of.date(), release)

    def newest_day(self, candidate: Candidate) -> date:
        """Its last week or its release, whichever is later."""
        return max(candidate.dated, candidate.parsed["week_start"].max().date())

    def objection(
        self, candidate: WeeklyRelease, earlier: WeeklyRelease | None, later: WeeklyRelease | None
    ) -> str | None:
        """Whether a release can follow the one before it, and the one after it can follow it."""
        return first(
            releases(earlier, candidate) if earlier else None,
            lambda: releases(candidate, later) if later else None,
        )

    def assemble(self, files: "Sequence[RawFile]", shipped: Tables, read: Read, workspace: Path) -> Tables:
        """All releases: the shipped ones overlaid by every version of the file.

        One whose content equals a release already held is no new release; one of the same day replaces that whole.
        """
        import pandas as pd

        from orchestration.sources import tables

        (shape,) = self.tables
        held = {as_of.date(): release for as_of, release in shipped[shape.name].groupby("as_of")}
        for file in self.in_force(files):
            as_of = self.day_of(file)
            release = tables.conform(shape, read(file).assign(as_of=pd.Timestamp(as_of)))
            if not any(_same_content(release, known) for known in held.values()):
                held[as_of] = release
        return {shape.name: tables.conform(shape, pd.concat([tables.empty(shape), *held.values()], ignore_index=True))}

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


def _same_content(one: "pd.DataFrame", other: "pd.DataFrame") -> bool:
    return one.drop(columns="as_of").reset_index(drop=True).equals(other.drop(columns="as_of").reset_index(drop=True))
