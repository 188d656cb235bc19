"""A small warehouse with every promised mart, and the places of an installation."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.release.build import BuiltRelease, ReleaseInputs, build_release
from orchestration.release.check_results import CheckResult
from orchestration.release.contract import CONTRACT
from orchestration.release.explanations import WORDED_COLUMNS
from orchestration.release.history import Releases
from orchestration.release.tables import OWN_TABLES, Column, PublishedTable
from orchestration.report import Report

CHECK = CheckResult(
    "marts/x", "x_once", "error", True, "0 failing rows", "none", "A row is double.", datetime(2026, 1, 1)
)
NOON = datetime(2026, 1, 1, 12)
OWN = {table.name for table in OWN_TABLES}
HISTORY = (
    "(date '2024-02-19', 5, date '2024-03-01', date '2024-04-01')",
    "(date '2024-02-19', 7, date '2024-04-01', null)",
    # Withdrawn by the second vintage: must not survive in an answer as of a later day.
    "(date '2024-02-20', 3, date '2024-03-01', date '2024-04-01')",
    "(date '2024-12-30', 2, date '2024-04-01', null)",
)
# Nothing was expected at the first vintage. A made-up later one must not answer for it, nor for the second.
EXPECTED = (
    "(date '2024-04-01', date '2024-02-19', 9.5, 8.0, 13.0, 0.7368, 'frozen')",
    "(date '2024-05-01', date '2024-02-19', 99.0, 98.0, 100.0, 0.9, 'usable')",
)
# What the promised texts of these marts are worded from.
_WORDED_FROM = {
    "published_claims": (
        *("statement", "reading", "ratio_name", "period_start", "period_end", "stated_in_words", "stated_day"),
        *("computed_then_high", "computed_then_day", "computed_then_from", "computed_then_rests_on", "stands_then"),
        *("computed_now_high", "computed_now_day", "computed_now_from", "computed_now_rests_on", "stands_now"),
        *("ending_input", "input_ends_on", "input_needed_through", "other_readings", "tolerance"),
        *("definition", "note"),
    ),
    "vintages": (
        *("break_codes", "named_pace_ratio", "dated_pace_ratio", "dated_share_change_points", "undated_change"),
    ),
}
# Of the other tables a row of nulls is enough, and any column may tell rows apart.
_TYPES = {
    ("confirmed_deaths_history", "death_date"): "DATE",
    ("confirmed_deaths_history", "confirmed_deaths"): "INTEGER",
    ("confirmed_deaths_history", "known_from"): "DATE",
    ("confirmed_deaths_history", "known_to"): "DATE",
    ("deaths_by_day", "death_date"): "DATE",
    ("deaths_by_day", "as_of"): "DATE",
    ("deaths_by_day", "confirmed_deaths"): "INTEGER",
    ("probate_estimate_by_week", "as_of"): "DATE",
    ("probate_estimate_by_week", "week_start"): "DATE",
    ("probate_estimate_by_week", "documented_deaths"): "INTEGER",
    ("probate_estimate_by_week", "probate_estimate"): "DOUBLE",
    ("probate_estimate_by_week", "is_forecast"): "BOOLEAN",
    ("claimed_casualties_by_day", "report_date"): "DATE",
    ("claimed_casualties_by_day", "covered_date"): "DATE",
    ("claimed_casualties_by_day", "claimed_casualties_cum"): "INTEGER",
    ("occupied_area_by_day", "area_date"): "DATE",
    ("occupied_area_by_day", "occupied_km2"): "DOUBLE",
    ("occupied_area_by_day", "gained_km2"): "DOUBLE",
    ("occupied_area_by_day", "lost_km2"): "DOUBLE",
    ("expected_deaths_history", "as_of"): "DATE",
    ("expected_deaths_history", "week_start"): "DATE",
    ("expected_deaths_history", "expected_deaths_6m"): "DOUBLE",
    ("expected_deaths_history", "expected_low"): "DOUBLE",
    ("expected_deaths_history", "expected_high"): "DOUBLE",
    ("expected_deaths_history", "completeness"): "DOUBLE",
    ("vintages", "as_of"): "DATE",
    ("vintages", "undated_change"): "INTEGER",
    ("source_status", "last_observation"): "DATE",
    ("source_status", "last_pulled_at"): "TIMESTAMP",
}
_KEYS = {
    "confirmed_deaths_history": ("death_date", "known_from"),
    "expected_deaths_history": ("as_of", "week_start"),
}


def marts() -> list[PublishedTable]:
    """The promised marts in words."""
    return [
        PublishedTable(
            name,
            f"{name} in words.",
            tuple(
                Column(column, _TYPES.get((name, column), "VARCHAR"), None, f"{column} in words.")
                for column in (*columns, *_WORDED_FROM.get(name, ()))
            ),
            _KEYS.get(name, columns[:1]),
        )
        for name, columns in CONTRACT.items()
        if name not in OWN
    ]


# The rows behind one chart, which may have nothing to show.
OF_THE_PAGE = (
    PublishedTable(
        "report_chart",
        "report_chart in words.",
        (Column("period", "VARCHAR", None, "period in words."), Column("share", "DOUBLE", None, "share in words.")),
        ("period",),
    ),
)


def write_warehouse(folder: Path) -> Path:
    """A warehouse with every promised mart, one row each, and two vintages of which the second withdraws a count."""
    path = folder / "warehouse" / "war_losses.duckdb"
    path.parent.mkdir()
    worded = {(column.table, column.name) for column in WORDED_COLUMNS}
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute("create schema report")
        connection.execute("create table report.report_chart (period varchar, share double)")
        for table in marts():
            columns = ", ".join(
                f'null::{column.data_type} as "{column.name}"'
                for column in table.columns
                if (table.name, column.name) not in worded
            )
            connection.execute(f"create table marts.{table.name} as select {columns}")
        connection.execute("delete from marts.confirmed_deaths_history")
        connection.execute(f"insert into marts.confirmed_deaths_history values {', '.join(HISTORY)}")
        connection.execute("delete from marts.expected_deaths_history")
        connection.execute(f"insert into marts.expected_deaths_history values {', '.join(EXPECTED)}")
        connection.execute("update marts.vintages set as_of = '2024-03-01'")
        connection.execute("insert into marts.vintages (as_of) values ('2024-04-01')")
    return path


def builder(folder: Path) -> Callable[..., BuiltRelease]:
    """Builds and publishes releases of the warehouse in a folder, as it stands when called."""
    shipped_dir = folder / "embedded"
    shipped_dir.mkdir(exist_ok=True)
    (shipped_dir / "confirmed_deaths.csv").write_text("a\n1\n")
    warehouse, releases = folder / "warehouse" / "war_losses.duckdb", releases_of(folder)

    def build(now: datetime = NOON, checks: tuple[CheckResult, ...] = (CHECK,), run_id: str = "a run") -> BuiltRelease:
        inputs = ReleaseInputs(warehouse, marts(), OF_THE_PAGE, checks, shipped_dir, run_id, now, write_page)
        return build_release(inputs, releases)

    return build


def releases_of(folder: Path) -> Releases:
    """Where an installation in a folder keeps its releases."""
    (folder / "data").mkdir(exist_ok=True)
    return Releases(folder / "data" / "published", folder / "data" / "releases")


@pytest.fixture(scope="session")
def first_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that has published once: built once, for most tests begin with it. They get copies."""
    folder = tmp_path_factory.mktemp("first")
    write_warehouse(folder)
    builder(folder)()
    return folder


@pytest.fixture
def warehouse(first_release: Path, tmp_path: Path) -> Path:
    """The warehouse that `build` publishes."""
    return shutil.copytree(first_release / "warehouse", tmp_path / "warehouse") / "war_losses.duckdb"


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    """Where `build` publishes."""
    return releases_of(tmp_path)


@pytest.fixture
def released(first_release: Path, releases: Releases) -> Path:
    """The published folder after a first `build` of the warehouse."""
    shutil.copytree(first_release / "data", releases.published.parent, symlinks=True, dirs_exist_ok=True)
    return releases.published


def write_page(database: Path, folder: Path, version: str, now: datetime) -> Report:
    """A page that needs no figures; the real one has tests of its own (tests/report)."""
    folder.mkdir()
    index = folder / "index.html"
    index.write_text(f"{version} of {now}, from {database.name}")
    return Report(index, (index.name,), {}, {})


@pytest.fixture
def build(warehouse: Path, tmp_path: Path) -> Callable[..., BuiltRelease]:
    """Build and publish a release of the warehouse as it stands."""
    return builder(tmp_path)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, to the byte."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def change(warehouse: Path, *statements: str) -> None:
    """Change the marts."""
    with duckdb.connect(str(warehouse)) as connection:
        for statement in statements:
            connection.execute(statement)
