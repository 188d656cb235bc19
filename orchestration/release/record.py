"""release.json: what a release is, what it was made from, and the hash of every file in it.

What belongs here: writing the record, and holding a folder to it. What does not: the content of the files.
"""

import hashlib
import importlib.metadata
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.release.database import DATABASE_NAME, LICENCE, Identity, verify_database
from orchestration.release.table_files import count_rows
from orchestration.release.tables import ReleaseError

RECORD_NAME = "release.json"


def file_entry(folder: Path, path: Path) -> dict[str, Any]:
    """Name of a file within a folder, its size in bytes and its SHA-256 in hex."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": digest}


def write_record(
    folder: Path, identity: Identity, as_of: date, row_counts: Mapping[str, int], shipped_dir: Path
) -> None:
    """Write the record of a folder that is complete but for it.

    Args:
        folder: of the release.
        identity: of the release.
        as_of: its newest vintage.
        row_counts: rows by table.
        shipped_dir: the shipped figures, on which every source rests beneath what was pulled.
    """
    with duckdb.connect(str(folder / DATABASE_NAME), read_only=True) as connection:
        answer = connection.execute(
            "select source, publisher, url, licence, origin, upstream_ref, last_observation, last_pulled_at"
            " from source_status order by source"
        )
        names = [column[0] for column in answer.description]
        sources = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    record = {
        "version": identity.version,
        "published_at": identity.published_at,
        "run_id": identity.run_id,
        "as_of": as_of,
        "licence": LICENCE,
        "software": {name: importlib.metadata.version(name) for name in ("war-losses", "duckdb")},
        "tables": row_counts,
        "sources": sources,
        "shipped_figures": [file_entry(shipped_dir, path) for path in sorted(shipped_dir.iterdir())],
        "files": [file_entry(folder, path) for path in _files(folder)],
    }
    (folder / RECORD_NAME).write_text(to_json(record), encoding="utf-8")


def read_record(folder: Path) -> dict[str, Any]:
    """The record of a release.

    Raises:
        ReleaseError: there is none, or it cannot be read.
    """
    path = folder / RECORD_NAME
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReleaseError(f"{path} is not there: the folder is no whole release") from None
    except ValueError as error:
        raise ReleaseError(f"{path} cannot be read ({error}): the folder is no whole release") from error


def verify_release(folder: Path) -> dict[str, int]:
    """Hold a release to its record, and its DuckDB file to the contract.

    Returns:
        Rows by table.

    Raises:
        ReleaseError: a file is missing, changed or not of the release, a table's files differ in rows, or the DuckDB
            file is not as promised.
    """
    record = read_record(folder)
    recorded = {entry["path"]: entry for entry in record["files"]}
    found = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    problems = [f"{name} is missing" for name in sorted(recorded.keys() - found.keys())]
    problems += [f"{name} does not belong to it" for name in sorted(found.keys() - recorded.keys())]
    problems += [
        f"{name} is not what was recorded"
        for name in sorted(recorded.keys() & found.keys())
        if file_entry(folder, found[name]) != recorded[name]
    ]
    if problems:
        raise ReleaseError(f"{folder} is not the release {record['version']}: " + "; ".join(problems))
    row_counts = verify_database(folder / DATABASE_NAME)
    for holder, counts in {RECORD_NAME: record["tables"], **count_rows(folder)}.items():
        problems += [
            f"{table} has {counts.get(table)} rows in {holder}, {row_counts.get(table)} in {DATABASE_NAME}"
            for table in sorted(row_counts.keys() | counts.keys())
            if counts.get(table) != row_counts.get(table)
        ]
    if problems:
        raise ReleaseError(f"{folder}: " + "; ".join(problems))
    return row_counts


def to_json(content: object) -> str:
    """Content as the release's JSON files hold it: indented, dates in ISO, times in UTC with their Z."""
    return json.dumps(content, indent=2, ensure_ascii=False, default=_iso) + "\n"


def _iso(value: Any) -> str:
    return value.isoformat(timespec="seconds") + "Z" if isinstance(value, datetime) else value.isoformat()


def _files(folder: Path) -> list[Path]:
    """Every file of a release but the record."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / RECORD_NAME)
