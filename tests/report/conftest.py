"""What the tests of the page share: the page of the shipped figures, and releases made up row by row."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.report.page import Report, write_report
from tests.conftest import Refreshed

MadeUp = Callable[..., Path]


@pytest.fixture(scope="session")
def page(refreshed: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The page of the shipped figures. Not to be written to."""
    return write_report(refreshed.published_path, tmp_path_factory.mktemp("page") / "report", version="2026.10.01")


@pytest.fixture
def html(page: Report) -> str:
    return page.index.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def emptied(refreshed: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with every table and macro and not one row."""
    path = tmp_path_factory.mktemp("emptied") / "war_losses.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach '{refreshed.published_path}' as full_release (read_only)")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'full_release'"
        ).fetchall():
            connection.execute(f"create table {table} as select * from full_release.main.{table} limit 0")
    return path


@pytest.fixture
def made_up(emptied: Path, tmp_path: Path) -> MadeUp:
    """Builds a release of a few rows a table; columns that are not named are null."""

    def build(**tables: Sequence[Mapping[str, Any]]) -> Path:
        path = tmp_path / "made_up.duckdb"
        path.write_bytes(emptied.read_bytes())
        with duckdb.connect(str(path)) as connection:
            for table, rows in tables.items():
                for row in rows:
                    marks = ", ".join("?" * len(row))
                    connection.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))
        return path

    return build


@pytest.fixture
def changed(refreshed: Refreshed, tmp_path: Path) -> Callable[[str], Path]:
    """The shipped release after some SQL."""

    def change(sql: str) -> Path:
        path = tmp_path / "changed.duckdb"
        path.write_bytes(refreshed.published_path.read_bytes())
        with duckdb.connect(str(path)) as connection:
            connection.execute(sql)
        return path

    return change
