"""What the UI shows of every table of the warehouse after dbt has built it: rows, newest date, the last rows.

What belongs here: reading the warehouse for that. What does not: attaching it to assets (defs/warehouse.py).
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from tabulate import tabulate

# Enough to see what a table holds.
PREVIEW_ROWS = 5
# How far a table reaches, by the first of these columns that it has: dates of knowledge before dates of events.
AS_OF_COLUMNS = (
    "as_of",
    "known_from",
    "fit_as_of",
    "as_of_now",
    "probate_as_of",
    "last_observation",
    "published_on",
    "reviewed_on",
    "report_date",
    "area_date",
    "death_date",
    "week_start",
    "break_date",
)


@dataclass(frozen=True)
class TableFacts:
    """Rows, the newest date of knowledge (None where no column holds one) and the last rows as a Markdown table."""

    rows: int
    as_of: date | None
    preview: str


def table_facts(warehouse_path: Path) -> dict[tuple[str, str], TableFacts]:
    """Facts by (schema, name) of every table and view; empty if there is no warehouse yet.

    Args:
        warehouse_path: the pipeline's DuckDB file, which nobody writes to at this moment.
    """
    if not warehouse_path.exists():
        return {}
    with duckdb.connect(str(warehouse_path), read_only=True) as connection:
        columns: dict[tuple[str, str], list[str]] = {}
        for schema, table, column, data_type in connection.execute(
            "select table_schema, table_name, column_name, data_type from information_schema.columns"
            " where table_schema <> 'main' order by ordinal_position"
        ).fetchall():
            of_table = columns.setdefault((schema, table), [])
            if data_type == "DATE":
                of_table.append(column)
        return {key: _facts(connection, *key, dates) for key, dates in columns.items()}


def _facts(connection: duckdb.DuckDBPyConnection, schema: str, table: str, dates: list[str]) -> TableFacts:
    as_of = next((column for column in AS_OF_COLUMNS if column in dates), None)
    newest = f"max({as_of})" if as_of else "null"
    ((rows, as_of_date),) = connection.execute(f"select count(*), {newest} from {schema}.{table}").fetchall()
    last = connection.execute(f"select * from {schema}.{table} offset {max(0, rows - PREVIEW_ROWS)}")
    headers = [column[0] for column in last.description]
    return TableFacts(rows, as_of_date, tabulate(last.fetchall(), headers, tablefmt="github", missingval=""))
