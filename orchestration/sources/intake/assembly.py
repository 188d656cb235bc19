"""From the archive to the observation tables of a source: new files pass the gate, then the source fills its tables.

A file that its parser refuses, or that cannot be right beside what is accepted, is held back with the reason and the
rest is used: one bad day does not stop the series, and the last good version of its path stays in force.
"""

from dataclasses import dataclass

from orchestration.sources import tables
from orchestration.sources.base import Source, Tables
from orchestration.sources.intake.archive import Archive, RawFile
from orchestration.sources.intake.gate import Reader, pass_through


@dataclass(frozen=True)
class Assembled:
    """The observation tables of a source, and what upstream offers that is not in use (see `state`, `reason`)."""

    tables: Tables
    held_back: list[RawFile]


def assemble(source: Source, archive: Archive, shipped: Tables) -> Assembled:
    """The source's tables from the shipped figures and every accepted file; raises SourceFormatError, ArchiveError.

    Without files in the archive these are the shipped figures: there is no second way.
    """
    floor = shipped_tables(source, shipped)
    read = Reader(source)
    pass_through(source, archive, floor, read)
    filled = source.assemble(archive.files(source.name), floor, read, archive.root)
    return Assembled({name: filled[name] for name in source.table_names}, archive.held_back(source.name))


def shipped_tables(source: Source, shipped: Tables) -> Tables:
    """The source's shipped figures, or empty tables where none are shipped."""
    return {shape.name: shipped.get(shape.name, tables.empty(shape)) for shape in source.tables}
