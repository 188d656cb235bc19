"""What a file is compared with before it is used: its accepted neighbours, or the shipped figures where there are none.

Files are offered oldest first, and each accepted one is what the next is judged against, so that a long run of true
vintages passes however late it comes.

What belongs here: finding the neighbours of a file. What does not: the rules (`plausibility`), and recording what
became of a file (`build`, `bringing`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import ModuleType
from typing import Generic, Protocol, TypeVar

import pandas as pd

from orchestration.sources import (
    claimed_losses,
    confirmed_deaths,
    deaths_by_branch,
    occupied_area,
    occupied_area_2022_23,
    plausibility,
    probate_estimates,
)
from orchestration.sources.confirmed_deaths import Vintage
from orchestration.sources.dated_releases import release_date
from orchestration.sources.intake.archive import Archive, RawFile, newest_by_path
from orchestration.sources.observations import Tables
from orchestration.sources.plausibility import Level, Release

T = TypeVar("T")

MODULES: dict[str, ModuleType] = {
    "confirmed_deaths": confirmed_deaths,
    "claimed_losses": claimed_losses,
    "occupied_area": occupied_area,
    "occupied_area_2022_23": occupied_area_2022_23,
    "probate_estimates": probate_estimates,
    "deaths_by_branch": deaths_by_branch,
}


@dataclass(frozen=True)
class Offer:
    """A file that could be read: what its parser made of it, the day it speaks for, the day it was first seen (UTC)."""

    path: str
    parsed: pd.DataFrame
    dated: date
    first_seen: date


class Reader:
    """Reads files of a source with its parser, each version once: what is judged is observed a moment later.

    Raises:
        SourceFormatError: the parser refuses the file, each time it is asked for.
    """

    def __init__(self, source: str) -> None:
        self._parse = MODULES[source].parse
        self._read: dict[tuple[str, str], pd.DataFrame] = {}

    def __call__(self, file: RawFile) -> pd.DataFrame:
        """What the parser makes of the file; to be read, not changed."""
        version = (file.path, file.blob_sha)
        if version not in self._read:
            self._read[version] = self._parse(file.read(), file.path)
        return self._read[version]


class Accepted(Protocol):
    """What is accepted of a source."""

    def objection(self, offer: Offer) -> str | None:
        """Why a file cannot be right beside what is accepted; None where nothing speaks against it."""

    def take(self, offer: Offer) -> None:
        """Count a file as accepted."""


def accepted(source: str, archive: Archive, shipped: Tables, read: Reader) -> Accepted:
    """What is accepted of a source: its shipped tables, overlaid by the accepted files of the archive."""
    return _ACCEPTED[source](archive.files(source), shipped, read)


def day_of(source: str, file: RawFile) -> date:
    """The day a file speaks for: in its path, of its release, else the day it was first seen (UTC)."""
    if source in _RELEASED_ON:
        return release_date(file, _RELEASED_ON[source])
    return file.dated


class _Timeline(Generic[T]):
    """What is accepted by day, made when it is asked for: of hundreds of files, a few are neighbours."""

    def __init__(self) -> None:
        self._make: dict[date, Callable[[], T]] = {}
        self._made: dict[date, T] = {}

    def put(self, day: date, make: Callable[[], T]) -> None:
        self._make[day] = make
        self._made.pop(day, None)

    def until(self, day: date) -> T | None:
        return self._at(max((known for known in self._make if known <= day), default=None))

    def after(self, day: date) -> T | None:
        return self._at(min((known for known in self._make if known > day), default=None))

    def _at(self, day: date | None) -> T | None:
        if day is None:
            return None
        if day not in self._made:
            self._made[day] = self._make[day]()
        return self._made[day]


class _Vintages:
    """Every day's list of confirmed deaths."""

    def __init__(self, files: list[RawFile], shipped: Tables, read: Reader):
        self._read = read
        self._lists: _Timeline[Vintage] = _Timeline()
        known = confirmed_deaths.rebuild(shipped["confirmed_deaths"], shipped["confirmed_deaths_vintages"])
        for vintage in known:
            for day in {vintage.as_of, vintage.last_seen}:
                self._lists.put(day, partial(Vintage, day, day, vintage.counts))
        for file in newest_by_path(files):
            self._lists.put(file.dated, partial(self._list, file))

    def objection(self, offer: Offer) -> str | None:
        vintage = _vintage(offer.dated, offer.parsed)
        earlier, later = self._lists.until(offer.dated), self._lists.after(offer.dated)
        return (
            plausibility.in_the_future(offer.dated, offer.first_seen)
            or (plausibility.vintages(earlier, vintage) if earlier else None)
            or (plausibility.vintages(vintage, later) if later else None)
        )

    def take(self, offer: Offer) -> None:
        self._lists.put(offer.dated, partial(_vintage, offer.dated, offer.parsed))

    def _list(self, file: RawFile) -> Vintage:
        return _vintage(file.dated, self._read(file))


class _Areas:
    """Every day's occupied area."""

    def __init__(self, files: list[RawFile], shipped: Tables, read: Reader):
        self._read = read
        self._levels: _Timeline[Level] = _Timeline()
        for row in shipped["occupied_area"].itertuples():
            self._levels.put(row.area_date.date(), partial(Level, row.area_date.date(), row.occupied_km2))
        for file in newest_by_path(files):
            self._levels.put(file.dated, partial(self._level, file))

    def objection(self, offer: Offer) -> str | None:
        neighbours = [self._levels.until(offer.dated), self._levels.after(offer.dated)]
        return plausibility.in_the_future(offer.dated, offer.first_seen) or plausibility.areas(
            _level(offer.dated, offer.parsed), [level for level in neighbours if level]
        )

    def take(self, offer: Offer) -> None:
        self._levels.put(offer.dated, partial(_level, offer.dated, offer.parsed))

    def _level(self, file: RawFile) -> Level:
        return _level(file.dated, self._read(file))


class _GrowingFiles:
    """Files that each hold a whole series: the newest accepted version, else what is shipped of it."""

    def __init__(self, files: list[RawFile], shipped: Tables, read: Reader):
        self._read = read
        self._newest = {file.path: file for file in newest_by_path(files)}
        self._shipped = shipped
        self._known: dict[str, pd.DataFrame] = {}

    def objection(self, offer: Offer) -> str | None:
        if offer.path not in self._known:
            file = self._newest.get(offer.path)
            self._known[offer.path] = self._read(file) if file else self.shipped(offer.path)
        known = self._known[offer.path]
        newest = offer.parsed[self.dated_by].max().date()
        return plausibility.in_the_future(newest, offer.first_seen) or (
            self.rule(known, offer.parsed) if len(known) else None
        )

    def take(self, offer: Offer) -> None:
        self._known[offer.path] = offer.parsed


class _Claims(_GrowingFiles):
    dated_by = "report_date"

    def shipped(self, path: str) -> pd.DataFrame:
        return claimed_losses.shipped_cells(path, self._shipped["claimed_losses"])

    @staticmethod
    def rule(known: pd.DataFrame, offered: pd.DataFrame) -> str | None:
        is_correction = "correction" in offered
        return (plausibility.corrections if is_correction else plausibility.cumulative)(known, offered)


class _Readings(_GrowingFiles):
    dated_by = "observed_at"
    rule = staticmethod(plausibility.readings)

    def shipped(self, _: str) -> pd.DataFrame:
        return self._shipped["occupied_area_2022_23"]


class _Releases:
    """Every release of a weekly series."""

    def __init__(self, source: str, files: list[RawFile], shipped: Tables, read: Reader):
        self._source = source
        self._read = read
        self._releases: _Timeline[Release] = _Timeline()
        for as_of, release in shipped[source].groupby("as_of"):
            self._releases.put(as_of.date(), partial(_release, as_of.date(), release))
        for file in sorted(files, key=lambda file: file.first_seen_at):
            self._releases.put(day_of(source, file), partial(self._release, file))

    def objection(self, offer: Offer) -> str | None:
        release = _release(offer.dated, offer.parsed)
        earlier, later = self._releases.until(offer.dated), self._releases.after(offer.dated)
        return (
            plausibility.in_the_future(max(release.weeks), offer.first_seen)
            or plausibility.in_the_future(offer.dated, offer.first_seen)
            or (plausibility.releases(earlier, release) if earlier else None)
            or (plausibility.releases(release, later) if later else None)
        )

    def take(self, offer: Offer) -> None:
        self._releases.put(offer.dated, partial(_release, offer.dated, offer.parsed))

    def _release(self, file: RawFile) -> Release:
        return _release(day_of(self._source, file), self._read(file))


_ACCEPTED: dict[str, Callable[[list[RawFile], Tables, Reader], Accepted]] = {
    "confirmed_deaths": _Vintages,
    "claimed_losses": _Claims,
    "occupied_area": _Areas,
    "occupied_area_2022_23": _Readings,
    "probate_estimates": partial(_Releases, "probate_estimates"),
    "deaths_by_branch": partial(_Releases, "deaths_by_branch"),
}
_RELEASED_ON = {
    "probate_estimates": probate_estimates.RELEASED_ON,
    "deaths_by_branch": deaths_by_branch.RELEASED_ON,
}


def _vintage(day: date, parsed: pd.DataFrame) -> Vintage:
    return Vintage(day, day, parsed["confirmed_deaths"].to_numpy())


def _level(day: date, parsed: pd.DataFrame) -> Level:
    return Level(day, float(parsed["occupied_km2"].iloc[0]))


def _release(as_of: date, parsed: pd.DataFrame) -> Release:
    """Totals and the largest week of each measure; of branches, the total of each as well."""
    weeks = frozenset(week.date() for week in parsed["week_start"])
    if "branch" in parsed:
        by_branch = parsed.groupby("branch")["confirmed_deaths"].sum()
        worst = parsed.groupby("week_start")["confirmed_deaths"].sum().max()
        totals = {"confirmed_deaths": float(by_branch.sum())}
        measures = {f"the sum of branch {branch}": float(total) for branch, total in by_branch.items()}
        return Release(as_of, weeks, totals, {**measures, "the worst week": float(worst)})
    totals = {name: float(parsed[name].sum()) for name in ("documented_deaths", "probate_estimate")}
    worst = {f"the worst week of {name}": float(parsed[name].max()) for name in totals}
    return Release(as_of, weeks, totals, {**{f"the sum of {name}": total for name, total in totals.items()}, **worst})
