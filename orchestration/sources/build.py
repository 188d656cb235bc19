"""From the archive to the observation tables of one source: judge what is new, then let the source's module observe.

A file its parser refuses is set aside with the reason and the rest is used: one bad day does not stop the series, and
the last good version of its path stays in force.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from types import ModuleType

from orchestration.sources import (
    claimed_losses,
    confirmed_deaths,
    deaths_by_branch,
    observations,
    occupied_area,
    occupied_area_2022_23,
    probate_estimates,
)
from orchestration.sources.archive import Archive, RawFile, newest_by_path
from orchestration.sources.catalog import SOURCES
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.observations import Tables

_MODULES: dict[str, ModuleType] = {
    "confirmed_deaths": confirmed_deaths,
    "claimed_losses": claimed_losses,
    "occupied_area": occupied_area,
    "occupied_area_2022_23": occupied_area_2022_23,
    "probate_estimates": probate_estimates,
    "deaths_by_branch": deaths_by_branch,
}
# The number rises when areas are measured another way: what an older way measured is then not used again.
_AREA_CACHE = "occupied_area_measured_1.parquet"


@dataclass(frozen=True)
class Observed:
    """The observation tables of a source, and the files upstream offers now that were refused (see their `reason`)."""

    tables: Tables
    rejected: list[RawFile]


def observe(source: str, archive: Archive, embedded: Tables) -> Observed:
    """The source's tables from the shipped figures and every accepted file; raises SourceFormatError, ArchiveError.

    Without files in the archive these are the shipped figures: there is no second way.
    """
    _judge(source, archive)
    tables = _observer(source, archive)(archive.files(source), embedded_tables(source, embedded))
    offered = newest_by_path(archive.files(source, states=["accepted", "rejected"]))
    rejected = [file for file in offered if file.state == "rejected" and file.gone_since is None]
    return Observed({name: tables[name] for name in SOURCES[source].tables}, rejected)


def embedded_tables(source: str, embedded: Tables) -> Tables:
    """The source's shipped figures, or empty tables where none are shipped yet."""
    return {name: embedded.get(name, observations.empty(name)) for name in SOURCES[source].tables}


def _observer(source: str, archive: Archive) -> Callable[[Sequence[RawFile], Tables], Tables]:
    if source == "occupied_area":
        return partial(occupied_area.observe, cache=archive.root / _AREA_CACHE)
    return _MODULES[source].observe


def _judge(source: str, archive: Archive) -> None:
    """Accept or reject what was not read yet. Rejected files are tried again: an adapted parser heals by itself."""
    accepted = []
    for file in archive.files(source, states=["new", "rejected"]):
        try:
            _MODULES[source].parse(file.read(), file.path)
        except SourceFormatError as error:
            archive.judge([file], "rejected", who="parser", reason=str(error))
        else:
            accepted.append(file)
    archive.judge(accepted, "accepted", who="parser")
