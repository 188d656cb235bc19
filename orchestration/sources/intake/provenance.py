"""Where each figure comes from and how recent it is: the table `source_provenance`, one row a source.

Beside it `accepted_by_people`, one row a source and day whose file a person answers for.
"""

from collections.abc import Mapping

import pandas as pd

from orchestration.sources import observations
from orchestration.sources.catalog import SOURCES
from orchestration.sources.intake import quarantine
from orchestration.sources.intake.archive import Archive, newest_by_path
from orchestration.sources.tables import TABLES

# A series of more files than this is a daily one.
_FEW = 3


def source_provenance(
    tables: Mapping[str, pd.DataFrame], archive: Archive, embedded_refs: Mapping[str, str]
) -> pd.DataFrame:
    """One row a source, from the observation tables of all sources.

    `origin` is 'pulled' as soon as one archived file is in use, else 'embedded'. `upstream_ref` is the tree of the last
    complete pull; before the first pull, the files the shipped figures were parsed from (`embedded_refs`, by source).
    `note` ends with what is held back of the source now.
    """
    rows = []
    for source in SOURCES.values():
        pull = archive.last_pull(source.name)
        newest = observations.last_observation(tables, source.tables)
        held_back = quarantine.for_analyst(archive.withheld(source.name), newest.date() if newest is not None else None)
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
                "row_count": sum(len(tables[name]) for name in source.tables),
                "upstream_ref": pull.upstream_ref if pull else embedded_refs.get(source.name),
                "cadence_days": source.cadence_days,
                "alarm_days": source.alarm_days,
                "note": f"{source.note} {held_back}".strip(),
            }
        )
    columns = TABLES["source_provenance"].columns
    return observations.conform("source_provenance", pd.DataFrame(rows, columns=columns, dtype=object))


def accepted_by_people(archive: Archive) -> pd.DataFrame:
    """One row a source and day of files a person accepted although they looked implausible: they stop no release."""
    rows = sorted({(file.source, file.dated) for file in archive.accepted_by_people()})
    columns = TABLES["accepted_by_people"].columns
    return observations.conform("accepted_by_people", pd.DataFrame(rows, columns=columns, dtype=object))


def files_ref(source: str, archive: Archive) -> str:
    """The files a source's figures rest on, as path@blob sha; of a daily series the newest file stands for all."""
    in_force = newest_by_path(archive.files(source))
    named = in_force if len(in_force) <= _FEW else in_force[-1:]
    return ", ".join(f"{file.path}@{file.blob_sha}" for file in named)
