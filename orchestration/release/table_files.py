"""Every published table as a Parquet and as a CSV file.

What belongs here: how they are written and counted. What does not: their description (data_package.py).
"""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from orchestration.release.database import LICENCE, Identity, literal
from orchestration.release.tables import PublishedTable

PARQUET, CSV = "parquet", "csv"
# RFC 4180 asks for CRLF. Times are UTC and say so.
_CSV_OPTIONS = r"format csv, header, new_line '\r\n', dateformat '%Y-%m-%d', timestampformat '%Y-%m-%dT%H:%M:%SZ'"


def table_path(table: str, file_format: str) -> str:
    """Where a table's file lies in the folder of the release, as PARQUET or CSV."""
    return f"{file_format}/{table}.{file_format}"


def write_table_files(
    database: Path, folder: Path, tables: Iterable[PublishedTable], identity: Identity, as_of: date
) -> None:
    """Write `parquet/` and `csv/` from the built DuckDB file.

    Rows are in the order of their columns, so that the same figures give the same CSV bytes. Parquet files carry
    version, as-of date, licence, run and the table's description as key-value metadata.

    Args:
        database: the release's DuckDB file.
        folder: of the release.
        tables: all that are in the file.
        identity: of the release.
        as_of: its newest vintage.
    """
    (folder / PARQUET).mkdir()
    (folder / CSV).mkdir()
    of_the_release = {
        "release": identity.version,
        "as_of": as_of.isoformat(),
        "licence": LICENCE,
        "run": identity.run_id,
    }
    with duckdb.connect(str(database), read_only=True) as connection:
        for table in tables:
            rows = f"(select * from main.{table.name} order by all)"
            metadata = ", ".join(
                f"{literal(name)}: {literal(value)}"
                for name, value in {**of_the_release, "table": table.name, "description": table.description}.items()
            )
            connection.execute(
                f"copy {rows} to {literal(folder / table_path(table.name, PARQUET))}"
                f" (format parquet, compression zstd, kv_metadata {{{metadata}}})"
            )
            connection.execute(f"copy {rows} to {literal(folder / table_path(table.name, CSV))} ({_CSV_OPTIONS})")


def count_rows(folder: Path) -> dict[str, dict[str, int]]:
    """Rows by table, read back from the files of each format in a release's folder."""
    with duckdb.connect() as connection:
        in_parquet = connection.execute(
            "select parse_filename(file_name, true), num_rows"
            f" from parquet_file_metadata({literal(folder / PARQUET / '*')})"
        ).fetchall()
    return {PARQUET: dict(in_parquet), CSV: {path.stem: _csv_rows(path) for path in (folder / CSV).iterdir()}}


def _csv_rows(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file)) - 1  # the header
