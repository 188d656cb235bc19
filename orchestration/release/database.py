"""What analysts open: one DuckDB file, built beside the current one, verified, and swapped in whole.

What belongs here: the file's content, its verification and the swap. What does not: how tables are modelled (dbt) and
which checks ran (the wiring hands their results in).
"""

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from orchestration.release import history
from orchestration.release.contract import CONTRACT, CONTRACT_MACROS

# The file keeps its name from building to publishing: DuckDB stores the file's stem in what it saves.
DATABASE_NAME = "war_losses.duckdb"
BUILDING = ".building-"
MACROS_PATH = Path(__file__).with_name("as_of_macros.sql")

# A published table holds aggregates; a column of one of these names would hold a person.
PERSONAL_COLUMN = re.compile(
    r"(^|_)(first_?name|last_?name|sur_?name|full_?name|patronymic|person_?name|name_of_\w+|born|birth\w*|dob|"
    r"passport|rank_title|unit_position|latitude|longitude|geometry|geom)(_|$)"
)


class ReleaseError(RuntimeError):
    """The release could not be built or is not what was promised. Nothing was published."""


@dataclass(frozen=True)
class Column:
    """A published column: DuckDB type, unit (None where it has none) and description."""

    name: str
    data_type: str
    unit: str | None
    description: str


@dataclass(frozen=True)
class Table:
    """A published table with its description and columns, in order."""

    name: str
    description: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class CheckResult:
    """One row of quality_checks: the latest result of a check, with what a failure means to a reader."""

    asset: str
    check_name: str
    severity: str
    passed: bool
    measured: str | None
    threshold: str | None
    meaning: str
    checked_at: datetime


QUALITY_CHECKS = Table(
    "quality_checks",
    "One row a check (asset, check_name). The latest result of every check of the data behind this release.",
    (
        Column("asset", "VARCHAR", None, "Asset that was checked, as named in Dagster."),
        Column("check_name", "VARCHAR", None, "Name of the check."),
        Column(
            "severity",
            "VARCHAR",
            None,
            "error where a failure would publish a wrong number or a source failed or stopped, warn where it says look",
        ),
        Column("passed", "BOOLEAN", None, "Whether the data passed."),
        Column("measured", "VARCHAR", None, "What was measured; for tests in SQL the number of failing rows."),
        Column("threshold", "VARCHAR", None, "What was allowed."),
        Column("meaning", "VARCHAR", None, "What a failure means to a reader."),
        Column("checked_at", "TIMESTAMP", None, "When the check ran, UTC."),
    ),
)
DATA_DICTIONARY = Table(
    "data_dictionary",
    "One row a column (table_name, column_name). Every published column with its type, unit and meaning.",
    (
        Column("table_name", "VARCHAR", None, "Published table."),
        Column("column_name", "VARCHAR", None, "Column of the table."),
        Column("data_type", "VARCHAR", None, "Type in DuckDB."),
        Column("unit", "VARCHAR", None, "Unit of the figures; null where they have none."),
        Column("description", "VARCHAR", None, "What the column holds."),
    ),
)


def published_tables(manifest: Mapping[str, Any]) -> list[Table]:
    """The tables that dbt models for analysts: all models of the marts, by name.

    Args:
        manifest: dbt's manifest, parsed.

    Raises:
        ReleaseError: a mart or one of its columns has no description.
    """
    tables = []
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model" or node["schema"] != "marts":
            continue
        columns = tuple(
            Column(
                name=column["name"],
                data_type=(column.get("data_type") or "").upper(),
                unit=column.get("config", {}).get("meta", {}).get("unit") or column.get("meta", {}).get("unit"),
                description=" ".join(column.get("description", "").split()),
            )
            for column in node["columns"].values()
        )
        undescribed = [column.name for column in columns if not column.description]
        if undescribed or not node["description"]:
            raise ReleaseError(
                f"{node['original_file_path']}: {', '.join(undescribed) or 'the model'} has no description. "
                f"Analysts read it in the file: add it to the model's YAML."
            )
        tables.append(Table(node["name"], " ".join(node["description"].split()), columns))
    return sorted(tables, key=lambda table: table.name)


def build_release(
    warehouse_path: Path,
    tables: list[Table],
    checks: list[CheckResult],
    published_dir: Path,
    releases_dir: Path,
) -> dict[str, int]:
    """Build the published file, verify it and swap it in, keeping the one it replaces.

    Whatever goes wrong before the swap leaves `published_dir` as it was.

    Args:
        warehouse_path: the pipeline's DuckDB file, with the marts in schema `marts`.
        tables: what to publish of it.
        checks: latest result of every check, published as `quality_checks`.
        published_dir: where the file goes; created if missing.
        releases_dir: where earlier releases are kept, on the same filesystem.

    Returns:
        Rows by published table.

    Raises:
        ReleaseError: the marts are incomplete, or the built file is not what the contract promises.
    """
    if not warehouse_path.exists():
        raise ReleaseError(f"{warehouse_path} does not exist. Build the marts first: war-losses refresh.")
    published_dir.mkdir(parents=True, exist_ok=True)
    for left in published_dir.glob(f"{BUILDING}*"):  # by a build that was killed
        shutil.rmtree(left)
    # Beside the published file, so that the swap stays within one filesystem.
    with tempfile.TemporaryDirectory(prefix=BUILDING, dir=published_dir) as building:
        built_path = Path(building) / DATABASE_NAME
        try:
            _write(built_path, warehouse_path, tables, checks)
        except duckdb.Error as error:
            raise ReleaseError(
                f"the warehouse is not what the models' YAML says ({error}). Build all marts anew: war-losses refresh."
            ) from error
        row_counts = verify_release(built_path)
        history.flush_to_disk(built_path)
        history.publish(built_path, published_dir / DATABASE_NAME, releases_dir)
    return row_counts


def _write(built_path: Path, warehouse_path: Path, tables: list[Table], checks: list[CheckResult]) -> None:
    """Write tables, comments and macros into a new file and close it without a write-ahead log."""
    all_tables = [*tables, QUALITY_CHECKS, DATA_DICTIONARY]
    with duckdb.connect(str(built_path)) as connection:
        connection.execute(f"attach {_literal(warehouse_path)} as warehouse (read_only)")
        for table in tables:
            connection.execute(
                f"create table main.{table.name} as select * from warehouse.marts.{table.name} order by all"
            )
        connection.execute("detach warehouse")
        _insert(connection, QUALITY_CHECKS, [asdict(check) for check in checks])
        _insert(
            connection,
            DATA_DICTIONARY,
            [
                {
                    "table_name": table.name,
                    "column_name": column.name,
                    "data_type": column.data_type,
                    "unit": column.unit,
                    "description": column.description,
                }
                for table in all_tables
                for column in table.columns
            ],
        )
        for table in all_tables:
            connection.execute(f"comment on table main.{table.name} is {_literal(table.description)}")
            for column in table.columns:
                connection.execute(
                    f'comment on column main.{table.name}."{column.name}" is {_literal(column.description)}'
                )
        connection.execute(MACROS_PATH.read_text(encoding="utf-8"))
        connection.execute("force checkpoint")


def _insert(connection: duckdb.DuckDBPyConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Create a table of our own and fill it; an empty one keeps its columns."""
    columns = ", ".join(f'"{column.name}" {column.data_type}' for column in table.columns)
    connection.execute(f"create table main.{table.name} ({columns})")
    if rows:
        frame = pd.DataFrame(rows, columns=[column.name for column in table.columns])
        connection.register("rows_to_insert", frame)
        connection.execute(f"insert into main.{table.name} select * from rows_to_insert order by all")
        connection.unregister("rows_to_insert")


def verify_release(path: Path) -> dict[str, int]:
    """Open a built file as an analyst would and hold it against the contract.

    Args:
        path: the DuckDB file.

    Returns:
        Rows by table.

    Raises:
        ReleaseError: a promised table, column, macro, comment or any row is missing, a column looks like personal
            data, or a write-ahead log was left beside the file.
    """
    problems = []
    leftover = path.with_name(path.name + ".wal")
    if leftover.exists():
        problems.append(f"{leftover.name} was left beside the file; its content would be lost")
    with duckdb.connect(str(path), read_only=True) as connection:
        found: dict[str, list[str]] = {}
        for table, column, comment in connection.execute(
            "select table_name, column_name, comment from duckdb_columns() where schema_name = 'main' and not internal"
        ).fetchall():
            found.setdefault(table, []).append(column)
            if not comment:
                problems.append(f"{table}.{column} has no comment")
            if PERSONAL_COLUMN.search(column):
                problems.append(f"{table}.{column} looks like data about a person; only aggregates are published")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main' and coalesce(comment, '') = ''"
        ).fetchall():
            problems.append(f"{table} has no comment")
        for table, columns in CONTRACT.items():
            missing = [column for column in columns if column not in found.get(table, [])]
            if table not in found:
                problems.append(f"table {table} is missing")
            elif missing:
                problems.append(f"{table} lacks {', '.join(missing)}")
        row_counts = {
            table: connection.execute(f"select count(*) from main.{table}").fetchone()[0] for table in sorted(found)
        }
        problems.extend(f"{table} is empty" for table, rows in row_counts.items() if rows == 0)
        problems.extend(_macro_problems(connection))
    if problems:
        raise ReleaseError("the built release is not what was promised: " + "; ".join(problems))
    return row_counts


def _macro_problems(connection: duckdb.DuckDBPyConnection) -> list[str]:
    problems = []
    for macro, columns in CONTRACT_MACROS.items():
        try:
            answer = connection.execute(f"select * from {macro}({_literal(date.max.isoformat())})")
        except duckdb.Error as error:
            problems.append(f"macro {macro} does not work: {error}")
            continue
        found = [column[0] for column in answer.description]
        missing = [column for column in columns if column not in found]
        if missing:
            problems.append(f"macro {macro} lacks {', '.join(missing)}")
        if answer.fetchone() is None:
            problems.append(f"macro {macro} gives no rows for the newest vintage")
    return problems


def _literal(value: object) -> str:
    """An SQL string literal."""
    return "'" + str(value).replace("'", "''") + "'"
