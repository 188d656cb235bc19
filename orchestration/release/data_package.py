"""datapackage.json: the tables of a release for programs, as a Frictionless Data Package (version 2).

What belongs here: the description of the CSV, Parquet and DuckDB files. What does not: the hashes of everything else in
the folder (record.py).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.release.database import DATABASE_NAME, LICENCE, Identity
from orchestration.release.record import file_entry, to_json
from orchestration.release.table_files import CSV, PARQUET, table_path
from orchestration.release.tables import Column, PublishedTable

PACKAGE_NAME = "datapackage.json"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_FIELD_TYPES = {
    "VARCHAR": "string",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "BOOLEAN": "boolean",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
}
_MEDIA_TYPES = {CSV: "text/csv", PARQUET: "application/vnd.apache.parquet"}


def write_data_package(folder: Path, tables: Sequence[PublishedTable], identity: Identity, as_of: date) -> None:
    """Describe the files of a folder that holds the DuckDB file and the table files.

    Raises:
        KeyError: a column has a type that the package has no word for; add it to the field types.
    """
    database = folder / DATABASE_NAME
    with duckdb.connect(str(database), read_only=True) as connection:
        with_nulls = _columns_with_nulls(connection, tables)
        sources = connection.execute("select publisher, title, url from source_status order by source").fetchall()
    package = {
        "$schema": _PROFILE,
        "name": "war-losses",
        "title": "War Losses: Russian military losses in Ukraine, each figure with its as-of date",
        "description": (
            "Aggregates only. Confirmed deaths are a minimum; claimed casualties are killed and wounded. "
            f"Newest vintage of the list of confirmed deaths: {as_of}."
        ),
        "version": identity.version,
        "created": f"{identity.published_at.isoformat(timespec='seconds')}Z",
        # Of several terms, none of which may be passed over: those of each source stand in source_status.
        "licenses": [{"name": "other-at", "title": LICENCE}],
        "sources": [{"title": f"{publisher}: {title}", "path": url} for publisher, title, url in sources],
        "contributors": [{"title": "The War Losses authors", "roles": ["aggregator"]}],
        "resources": [
            {
                "name": "war_losses",
                "title": "All tables and the as-of macros, for DuckDB 1.x",
                "format": "duckdb",
                "mediatype": "application/octet-stream",
                **_file(folder, database),
            },
            *(_csv_resource(folder, table, with_nulls) for table in tables),
            *(
                {
                    "name": f"{table.name}.parquet",
                    "description": table.description,
                    "format": PARQUET,
                    "mediatype": _MEDIA_TYPES[PARQUET],
                    **_file(folder, folder / table_path(table.name, PARQUET)),
                }
                for table in tables
            ),
        ],
    }
    (folder / PACKAGE_NAME).write_text(to_json(package), encoding="utf-8")


def _csv_resource(folder: Path, table: PublishedTable, with_nulls: set[tuple[str, str]]) -> Mapping[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(table, column, with_nulls) for column in table.columns]}
    if not any((table.name, name) in with_nulls for name in table.primary_key):
        schema["primaryKey"] = list(table.primary_key)
    return {
        "name": table.name,
        "type": "table",
        "description": table.description,
        "format": CSV,
        "mediatype": _MEDIA_TYPES[CSV],
        "encoding": "utf-8",
        **_file(folder, folder / table_path(table.name, CSV)),
        "schema": schema,
    }


def _field(table: PublishedTable, column: Column, with_nulls: set[tuple[str, str]]) -> Mapping[str, Any]:
    return {
        "name": column.name,
        "type": _FIELD_TYPES[column.data_type],
        "description": column.description,
        **({"unit": column.unit} if column.unit else {}),
        **({"constraints": {"required": True}} if _is_full(table, column, with_nulls) else {}),
    }


def _is_full(table: PublishedTable, column: Column, with_nulls: set[tuple[str, str]]) -> bool:
    return column.is_required and (table.name, column.name) not in with_nulls


def _columns_with_nulls(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[PublishedTable]
) -> set[tuple[str, str]]:
    """Columns that should have no nulls and do: a test that only warns lets them be published, not promised."""
    counts = " union all ".join(
        f"select '{table.name}', '{column.name}', count(*) - count(\"{column.name}\") from main.{table.name}"
        for table in tables
        for column in table.columns
        if column.is_required or column.name in table.primary_key
    )
    return {(table, column) for table, column, nulls in connection.execute(counts).fetchall() if nulls}


def _file(folder: Path, path: Path) -> Mapping[str, Any]:
    entry = file_entry(folder, path)
    return {"path": entry["path"], "bytes": entry["bytes"], "hash": f"sha256:{entry['sha256']}"}
