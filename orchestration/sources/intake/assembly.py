"""From the archive to the observation tables of one source: judge what is new, then let the source's module observe.

A file its parser refuses, or that cannot be right beside what is accepted, is set aside with the reason and the rest is
used: one bad day does not stop the series, and the last good version of its path stays in force.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from orchestration.sources import observations, occupied_area
from orchestration.sources.catalog import SOURCES
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.intake import gate
from orchestration.sources.intake.archive import PARSER, PLAUSIBILITY, Archive, RawFile
from orchestration.sources.intake.gate import MODULES, Offer, Reader
from orchestration.sources.observations import Tables

# The number rises when areas are measured another way: what an older way measured is then not used again.
_AREA_CACHE = "occupied_area_measured_1.parquet"


@dataclass(frozen=True)
class Observed:
    """The observation tables of a source, and what upstream offers now that is not in use (see `state`, `reason`)."""

    tables: Tables
    withheld: list[RawFile]


def observe(source: str, archive: Archive, embedded: Tables) -> Observed:
    """The source's tables from the shipped figures and every accepted file; raises SourceFormatError, ArchiveError.

    Without files in the archive these are the shipped figures: there is no second way.
    """
    shipped = embedded_tables(source, embedded)
    read = Reader(source)
    _judge(source, archive, shipped, read)
    tables = _observer(source, archive, read)(archive.files(source), shipped)
    return Observed({name: tables[name] for name in SOURCES[source].tables}, archive.withheld(source))


def embedded_tables(source: str, embedded: Tables) -> Tables:
    """The source's shipped figures, or empty tables where none are shipped yet."""
    return {name: embedded.get(name, observations.empty(name)) for name in SOURCES[source].tables}


def _observer(source: str, archive: Archive, read: Reader) -> Callable[[Sequence[RawFile], Tables], Tables]:
    if source == "occupied_area":
        return partial(occupied_area.observe, cache=archive.root / _AREA_CACHE, read=read)
    return MODULES[source].observe


def _judge(source: str, archive: Archive, shipped: Tables, read: Reader) -> None:
    """Accept, quarantine or reject what is not judged yet, oldest first, each against what was accepted before it.

    Rejected files are tried again: an adapted parser heals by itself. Quarantined ones are not: a person decides.
    """
    files = archive.files(source, states=["new", "rejected"])
    if not files:
        return
    accepted = gate.accepted(source, archive, shipped, read)
    plausible = []
    for file in sorted(files, key=lambda file: (gate.day_of(source, file), file.first_seen_at)):
        try:
            parsed = read(file)
        except SourceFormatError as error:
            if (file.state, file.reason) != ("rejected", str(error)):
                archive.judge([file], "rejected", who=PARSER, reason=str(error))
            continue
        offer = Offer(file.path, parsed, gate.day_of(source, file), file.first_seen_at.date())
        if reason := accepted.objection(offer):
            archive.judge([file], "quarantined", who=PLAUSIBILITY, reason=reason)
        else:
            accepted.take(offer)
            plausible.append(file)
    archive.judge(plausible, "accepted", who=PARSER)
