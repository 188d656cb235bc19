"""What analysts open: one DuckDB file.

What belongs here: the file's content and its verification. What does not: how tables are modelled (dbt), their texts
(explanations.py), which checks ran (the wiring hands their results in), the other files of a release (build.py), the
swap (history.py).
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.release.check_results import CheckResult
from orchestration.release.contract import CONTRACT, CONTRACT_MACROS, MAY_BE_EMPTY
from orchestration.release.explanations import WORDED_COLUMNS
from orchestration.release.tables import (
    DATA_DICTIONARY,
    OWN_TABLES,
    QUALITY_CHECKS,
    RELEASE,
    REPORT_SCHEMA,
    PublishedTable,
    ReleaseError,
)

# The file keeps its name from building to publishing: DuckDB stores the file's stem in what it saves.
DATABASE_NAME = "war_losses.duckdb"
MACRO_PATHS = [Path(__file__).with_name(name) for name in ("as_of_macros.sql", "window_macros.sql")]

LICENCE = (
    "Derived figures stay under the terms of their sources (source_status.licence): cite the publisher of each figure "
    "with its as-of date, and War Losses for the compilation."
)

# A published table holds aggregates; a column of one of these names would hold a person.
PERSONAL_COLUMN = re.compile(
    r"(^|_)(first_?name|last_?name|sur_?name|full_?name|patronymic|person_?name|name_of_\w+|born|birth\w*|dob|"
    r"passport|rank_title|unit_position|latitude|longitude|geometry|geom)(_|$)"
)


@dataclass(frozen=True)
class Identity:
    """What tells a release from others: its version, when it was built (UTC, without zone), and by which run."""

    version: str
    published_at: datetime
    run_id: str


def write_database(
    path: Path,
    warehouse_path: Path,
    tables: Sequence[PublishedTable],
    report_tables: Sequence[PublishedTable],
    checks: Sequence[CheckResult],
    identity: Identity,
) -> date:
    """Write tables, comments and macros into a new file and close it without a write-ahead log.

    Args:
        path: the file to write.
        warehouse_path: the pipeline's DuckDB file, with the marts in schema `marts`.
        tables: what to publish of it.
        report_tables: the rows behind the charts of the page, published in a schema of their own.
        checks: latest result of every check, published as `quality_checks`.
        identity: published as `release`.

    Returns:
        The newest vintage in the file.

    Raises:
        ReleaseError: the marts are incomplete.
    """
    if not warehouse_path.exists():
        raise ReleaseError(f"{warehouse_path} does not exist. Build the marts first: war-losses refresh.")
    try:
        return _write(path, warehouse_path, tables, report_tables, checks, identity)
    # A query that does not fit what is there; a disk or a memory that is full speaks for itself.
    except duckdb.ProgrammingError as error:
        raise ReleaseError(
            f"the warehouse is not what the models' YAML says ({error}). Build all marts anew: war-losses refresh."
        ) from error


def _write(
    path: Path,
    warehouse_path: Path,
    tables: Sequence[PublishedTable],
    report_tables: Sequence[PublishedTable],
    checks: Sequence[CheckResult],
    identity: Identity,
) -> date:
    all_tables = [*tables, *OWN_TABLES]
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach {literal(warehouse_path)} as warehouse (read_only)")
        for table in tables:
            _copy(connection, table)
        connection.execute(f"create schema {REPORT_SCHEMA}")
        for table in report_tables:
            name = f"{REPORT_SCHEMA}.{table.name}"
            connection.execute(f"create table {name} as select * from warehouse.{name} order by all")
        connection.execute("detach warehouse")
        ((as_of,),) = connection.execute("select max(as_of) from vintages").fetchall()
        _insert(connection, QUALITY_CHECKS, [asdict(check) for check in checks])
        _insert(connection, RELEASE, [{**asdict(identity), "as_of": as_of, "licence": LICENCE}])
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
        for schema, described in (("main", all_tables), (REPORT_SCHEMA, report_tables)):
            for table in described:
                _comment(connection, f"{schema}.{table.name}", table)
        for macros in MACRO_PATHS:
            connection.execute(macros.read_text(encoding="utf-8"))
        connection.execute("force checkpoint")
    return as_of


def _comment(connection: duckdb.DuckDBPyConnection, name: str, table: PublishedTable) -> None:
    """Say in the file what the table and its columns hold."""
    connection.execute(f"comment on table {name} is {literal(table.description)}")
    for column in table.columns:
        connection.execute(f'comment on column {name}."{column.name}" is {literal(column.description)}')


def _copy(connection: duckdb.DuckDBPyConnection, table: PublishedTable) -> None:
    """Copy a mart with the columns that are worded from its rows, in the order of the table's columns."""
    mart = f"warehouse.marts.{table.name}"
    worded = [column for column in WORDED_COLUMNS if column.table == table.name]
    if not worded:
        connection.execute(f"create table main.{table.name} as select * from {mart} order by all")
        return
    rows = connection.execute(f"select * from {mart}").to_arrow_table()
    by_name = rows.to_pylist()
    for column in worded:
        try:
            texts = [column.words(row) for row in by_name]
        except ValueError as error:
            raise ReleaseError(f"{table.name}.{column.name} cannot be worded: {error}") from error
        rows = rows.append_column(column.name, pa.array(texts, pa.string()))
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    connection.register("worded_rows", rows)
    connection.execute(f"create table main.{table.name} as select {columns} from worded_rows order by all")
    connection.unregister("worded_rows")


def _insert(connection: duckdb.DuckDBPyConnection, table: PublishedTable, rows: list[dict[str, Any]]) -> None:
    """Create a table of our own and fill it; an empty one keeps its columns."""
    columns = ", ".join(f'"{column.name}" {column.data_type}' for column in table.columns)
    connection.execute(f"create table main.{table.name} ({columns})")
    if rows:
        connection.register("rows_to_insert", pa.Table.from_pylist(rows).select([c.name for c in table.columns]))
        connection.execute(f"insert into main.{table.name} select * from rows_to_insert order by all")
        connection.unregister("rows_to_insert")


def verify_database(path: Path) -> dict[str, int]:
    """Open a built file as an analyst would and hold it against the contract.

    Args:
        path: the DuckDB file.

    Returns:
        Rows by table.

    Raises:
        ReleaseError: a promised table, column, macro, comment or any row is missing, a column looks like personal
            data or holds what is no number, or a write-ahead log was left beside the file.
    """
    problems = []
    leftover = path.with_name(path.name + ".wal")
    if leftover.exists():
        problems.append(f"{leftover.name} was left beside the file; its content would be lost")
    with duckdb.connect(str(path), read_only=True) as connection:
        found: dict[str, list[str]] = {}
        for schema, table, column, comment in connection.execute(
            "select schema_name, table_name, column_name, comment from duckdb_columns() where not internal"
        ).fetchall():
            if schema == "main":
                found.setdefault(table, []).append(column)
            if not comment:
                problems.append(f"{table}.{column} has no comment")
            if PERSONAL_COLUMN.search(column):
                problems.append(f"{table}.{column} looks like data about a person; only aggregates are published")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where coalesce(comment, '') = ''"
        ).fetchall():
            problems.append(f"{table} has no comment")
        for table, columns in CONTRACT.items():
            missing = [column for column in columns if column not in found.get(table, [])]
            if table not in found:
                problems.append(f"table {table} is missing")
            elif missing:
                problems.append(f"{table} lacks {', '.join(missing)}")
        row_counts = {
            table: connection.execute(f"select count(*) from main.{table}").fetchall()[0][0] for table in sorted(found)
        }
        problems.extend(
            f"{table} is empty" for table, rows in row_counts.items() if rows == 0 and table not in MAY_BE_EMPTY
        )
        problems.extend(_not_numbers(connection))
        problems.extend(_macro_problems(connection))
    if problems:
        raise ReleaseError("the built release is not what was promised: " + "; ".join(problems))
    return row_counts


def _not_numbers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What divisions by nothing leave: readers of CSV and JSON choke on it, and sums turn into it."""
    columns = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where not internal and data_type in ('DOUBLE', 'FLOAT')"
    ).fetchall()
    counts = {
        (table, column): connection.execute(
            f'select count(*) from {schema}.{table} where not isfinite("{column}")'
        ).fetchall()[0][0]
        for schema, table, column in columns
    }
    return [
        f"{table}.{column} is infinite or no number in {rows} rows" for (table, column), rows in counts.items() if rows
    ]


def _macro_problems(connection: duckdb.DuckDBPyConnection) -> list[str]:
    problems = []
    for name, macro in CONTRACT_MACROS.items():
        dates = ", ".join([literal(date.max.isoformat())] * macro.dates)
        try:
            answer = connection.execute(f"select * from {name}({dates})")
        except duckdb.Error as error:
            problems.append(f"macro {name} does not work: {error}")
            continue
        found = [column[0] for column in answer.description]
        missing = [column for column in macro.columns if column not in found]
        if missing:
            problems.append(f"macro {name} lacks {', '.join(missing)}")
        if answer.fetchone() is None and not macro.may_be_empty:
            problems.append(f"macro {name} gives no rows for the newest vintage")
    return problems


def literal(value: object) -> str:
    """An SQL string literal."""
    return "'" + str(value).replace("'", "''") + "'"
