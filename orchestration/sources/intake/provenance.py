"""Where each figure comes from and how recent it is: the table `source_provenance`, one row a source.

Beside it `accepted_by_people`, one row a source and day whose file a person answers for.
"""

from collections.abc import Mapping

import pandas as pd

from orchestration.sources import SOURCES, tables
from orchestration.sources.base import DATE, INT, TEXT, UTC_TIME, Tables, TableShape, columns
from orchestration.sources.intake import quarantine
from orchestration.sources.intake.archive import Archive, newest_by_path

SOURCE_PROVENANCE = TableShape(
    "source_provenance",
    columns(
        optional=("last_observation", "last_pulled_at", "upstream_ref", "cadence_days", "alarm_days"),
        source=TEXT,
        title=TEXT,
        publisher=TEXT,
        licence=TEXT,
        citation=TEXT,
        url=TEXT,
        origin=TEXT,
        last_observation=DATE,
        last_pulled_at=UTC_TIME,
        row_count=INT,
        upstream_ref=TEXT,
        cadence_days=INT,
        alarm_days=INT,
        note=TEXT,
    ),
    key=("source",),
    dated_by="last_observation",
)
# Without the person's name: that stays in the ledger.
ACCEPTED_BY_PEOPLE = TableShape(
    "accepted_by_people",
    columns(source=TEXT, dated=DATE),
    key=("source", "dated"),
    dated_by="dated",
)
# A series of more files than this is a daily one.
_FEW = 3


def source_provenance(filled: Tables, archive: Archive, shipped_refs: Mapping[str, str]) -> pd.DataFrame:
    """One row a source, from the observation tables of all sources.

    `origin` is 'pulled' as soon as one archived file is in use, else 'embedded'. `upstream_ref` is the tree of the last
    complete pull; before the first pull, the files the shipped figures were parsed from (`shipped_refs`, by source).
    `note` ends with what is held back of the source now.
    """
    rows = []
    for source in SOURCES.values():
        pull = archive.last_pull(source.name)
        newest = tables.last_observation(source.tables, filled)
        held_back = quarantine.for_analyst(archive.held_back(source.name), newest)
        rows.append(
            {
                "source": source.name,
                "title": source.title,
                "publisher": source.publisher,
                "licence": source.licence,
                "citation": source.citation,
                "url": source.url,
                "origin": "pulled" if archive.files(source.name) else "embedded",
                "last_observation": newest,
                "last_pulled_at": pd.Timestamp(pull.pulled_at).tz_localize(None) if pull else None,
                "row_count": sum(len(filled[name]) for name in source.table_names),
                "upstream_ref": pull.upstream_ref if pull else shipped_refs.get(source.name),
                "cadence_days": source.cadence_days,
                "alarm_days": source.alarm_days,
                "note": f"{source.note} {held_back}".strip(),
            }
        )
    frame = pd.DataFrame(rows, columns=SOURCE_PROVENANCE.columns, dtype=object)
    return tables.conform(SOURCE_PROVENANCE, frame)


def accepted_by_people(archive: Archive) -> pd.DataFrame:
    """One row a source and day of files a person accepted although they looked implausible: they stop no release."""
    rows = sorted({(file.source, file.dated) for file in archive.accepted_by_people()})
    return tables.conform(ACCEPTED_BY_PEOPLE, pd.DataFrame(rows, columns=ACCEPTED_BY_PEOPLE.columns, dtype=object))


def files_ref(source: str, archive: Archive) -> str:
    """The files a source's figures rest on, as path@blob sha; of a daily series the newest file stands for all."""
    in_force = newest_by_path(archive.files(source))
    named = in_force if len(in_force) <= _FEW else in_force[-1:]
    return ", ".join(f"{file.path}@{file.blob_sha}" for file in named)
