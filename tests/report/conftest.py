"""What the tests of the page share: the page of the shipped figures, and releases made up row by row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from orchestration.release.tables import REPORT_SCHEMA
from orchestration.report.page import Report, write_report
from tests.conftest import Refreshed

MadeUp = Callable[..., Path]
WAREHOUSE = "war_losses.duckdb"


@pytest.fixture(scope="session")
def page(refreshed: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The page of the shipped figures. Not to be written to."""
    return write_report(refreshed.published_path, tmp_path_factory.mktemp("page") / "report", version="2026.10.01")


@pytest.fixture
def html(page: Report) -> str:
    return page.index.read_text(encoding="utf-8")


@dataclass(frozen=True)
class ReleaseTemplate:
    """What a release is made up from: the warehouse and release of a refresh, and the SQL of the page's models."""

    warehouse: Path
    published: Path
    models: Mapping[str, str]

    def write(self, path: Path, rows: str) -> Path:
        """A file with the warehouse's tables in their schemas, which answers as a release does.

        Args:
            path: the file; its stem is the warehouse's, as in the models' SQL.
            rows: what of each table, the end of its select.
        """
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"attach '{self.warehouse}' as built (read_only)")
            connection.execute(f"attach '{self.published}' as release (read_only)")
            for schema in ("intermediate", "marts", REPORT_SCHEMA):
                connection.execute(f"create schema {schema}")
                for table in _tables(connection, "built", schema):
                    # As published, a mart has the columns that are worded from its rows.
                    origin = f"release.main.{table}" if schema == "marts" else f"built.{schema}.{table}"
                    connection.execute(f"create table {schema}.{table} as select * from {origin} {rows}")
            marts = _tables(connection, "built", "marts")
            for table in _tables(connection, "release", "main"):
                if table in marts:
                    connection.execute(f"create view main.{table} as select * from marts.{table}")
                else:
                    connection.execute(f"create table main.{table} as select * from release.main.{table} {rows}")
        return path

    def compute_report(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Compute the rows behind the charts from what is in the file."""
        for name, sql in self.models.items():
            connection.execute(f"delete from {REPORT_SCHEMA}.{name}")
            connection.execute(f"insert into {REPORT_SCHEMA}.{name} by name {sql}")


def _tables(connection: duckdb.DuckDBPyConnection, database: str, schema: str) -> list[str]:
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = ?", [database, schema]
    )
    return [table for (table,) in found.fetchall()]


@pytest.fixture(scope="session")
def template(refreshed: Refreshed) -> ReleaseTemplate:
    compiled = refreshed.data_dir / "dbt" / "target" / "compiled" / "war_losses" / "models" / "marts" / "report"
    models = {path.stem: path.read_text(encoding="utf-8") for path in sorted(compiled.glob("*.sql"))}
    assert models
    return ReleaseTemplate(refreshed.data_dir / "warehouse" / WAREHOUSE, refreshed.published_path, models)


@pytest.fixture(scope="session")
def emptied(template: ReleaseTemplate, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with every table and not one row."""
    return template.write(tmp_path_factory.mktemp("emptied") / WAREHOUSE, "limit 0")


@pytest.fixture(scope="session")
def filled(template: ReleaseTemplate, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped release with the tables that it was made from."""
    return template.write(tmp_path_factory.mktemp("filled") / WAREHOUSE, "")


@pytest.fixture
def made_up(emptied: Path, template: ReleaseTemplate, tmp_path: Path) -> MadeUp:
    """Builds a release of a few rows a table of the warehouse; columns that are not named are null."""

    def build(**tables: Sequence[Mapping[str, Any]]) -> Path:
        path = tmp_path / WAREHOUSE
        path.write_bytes(emptied.read_bytes())
        with duckdb.connect(str(path)) as connection:
            for table, rows in tables.items():
                schema = "intermediate" if table.startswith("int_") else "marts"
                columns = dict.fromkeys(column for row in rows for column in row)
                given = pa.table({column: [row.get(column) for row in rows] for column in columns})
                connection.register("given", given)
                connection.execute(f"insert into {schema}.{table} by name select * from given")
                connection.unregister("given")
            template.compute_report(connection)
        return path

    return build


@pytest.fixture
def changed(filled: Path, template: ReleaseTemplate, tmp_path: Path) -> Callable[[str], Path]:
    """The shipped release after some SQL on the tables that its charts are made from."""

    def change(sql: str) -> Path:
        path = tmp_path / WAREHOUSE
        path.write_bytes(filled.read_bytes())
        with duckdb.connect(str(path)) as connection:
            connection.execute("set search_path = 'marts,intermediate'")
            connection.execute(sql)
            template.compute_report(connection)
        return path

    return change
