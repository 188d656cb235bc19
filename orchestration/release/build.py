"""A release, from the warehouse to the folder analysts open: built aside, verified, published in one step.

What belongs here: the order of the steps. What does not: the steps.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.release.change_notes import write_change_notes
from orchestration.release.changes import Changes, compare
from orchestration.release.check_results import CheckResult
from orchestration.release.data_package import write_data_package
from orchestration.release.database import DATABASE_NAME, Identity, verify_database, write_database
from orchestration.release.dictionary_text import write_dictionary
from orchestration.release.history import Releases
from orchestration.release.record import verify_release, write_record
from orchestration.release.table_files import write_table_files
from orchestration.release.tables import OWN_TABLES, PublishedTable, ReleaseError
from orchestration.report import Report


@dataclass(frozen=True)
class ReleaseInputs:
    """What a release is made from.

    Args:
        warehouse_path: the pipeline's DuckDB file, with the marts in schema `marts`.
        tables: the marts to publish.
        report_tables: the rows behind the page's charts, in the warehouse's schema `report`; in the DuckDB file only.
        checks: latest result of every check.
        shipped_dir: the shipped figures, whose hashes are recorded.
        run_id: the run in Dagster.
        now: time of the release, UTC, without zone.
        write_page: writes the page about a built database into a folder (see release/report), given the version and
            the time; handed in, because whoever only describes releases need not load what draws charts.
    """

    warehouse_path: Path
    tables: Sequence[PublishedTable]
    report_tables: Sequence[PublishedTable]
    checks: Sequence[CheckResult]
    shipped_dir: Path
    run_id: str
    now: datetime
    write_page: Callable[[Path, Path, str, datetime], Report]


@dataclass(frozen=True)
class BuiltRelease:
    """A release that was published: where it lies, its rows by table, and what it changed."""

    identity: Identity
    folder: Path
    row_counts: dict[str, int]
    changes: Changes
    report: Report


def build_release(inputs: ReleaseInputs, releases: Releases) -> BuiltRelease:
    """Build a release, verify it and publish it. Whatever goes wrong leaves the published one as it was.

    Raises:
        ReleaseError: the marts are incomplete, or what was built is not what the contract promises.
    """
    version = releases.next_version(inputs.now.date())
    identity = Identity(version, inputs.now, inputs.run_id)
    tables = [*inputs.tables, *OWN_TABLES]
    with releases.building(version) as folder:
        database = folder / DATABASE_NAME
        as_of = write_database(
            database, inputs.warehouse_path, inputs.tables, inputs.report_tables, inputs.checks, identity
        )
        row_counts = verify_database(database)
        changes = compare(database, releases.published / DATABASE_NAME, tables, identity, as_of)
        write_table_files(database, folder, tables, identity, as_of)
        write_dictionary(folder, tables, identity, as_of)
        write_change_notes(folder, changes)
        write_data_package(folder, tables, identity, as_of)
        report = _write_page(inputs, database, folder / "report", version)
        write_record(folder, identity, as_of, row_counts, inputs.shipped_dir)
        verify_release(folder)
        return BuiltRelease(identity, releases.publish(folder, version), row_counts, changes, report)


def _write_page(inputs: ReleaseInputs, database: Path, folder: Path, version: str) -> Report:
    try:
        return inputs.write_page(database, folder, version, inputs.now)
    except (duckdb.Error, RuntimeError, ValueError) as error:
        raise ReleaseError(
            f"the page could not be drawn from the built tables ({type(error).__name__}: {error}). "
            "Its charts are in orchestration/report; the tables themselves passed their checks."
        ) from error
