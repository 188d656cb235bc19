"""A release is whole and as promised, or it is not published."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.release.contract import CONTRACT
from orchestration.release.database import (
    DATA_DICTIONARY,
    QUALITY_CHECKS,
    CheckResult,
    Column,
    ReleaseError,
    Table,
    build_release,
    verify_release,
)

OWN = {QUALITY_CHECKS.name, DATA_DICTIONARY.name}
CHECK = CheckResult(
    "marts/x", "x_once", "error", True, "0 failing rows", "none", "A row is double.", datetime(2026, 1, 1)
)
DATES = {
    "confirmed_deaths_history": [
        "(date '2024-02-19', 5, date '2024-03-01', date '2024-04-01')",
        "(date '2024-02-19', 7, date '2024-04-01', null)",
        # Withdrawn by the second vintage: must not survive in an answer as of a later day.
        "(date '2024-02-20', 3, date '2024-03-01', date '2024-04-01')",
        "(date '2024-12-30', 2, date '2024-04-01', null)",
    ],
}

EXPECTED_COLUMNS = ", ".join(CONTRACT["expected_deaths_history"])
# Nothing was expected at the first vintage. A made-up later one must not answer for it, nor for the second.
EXPECTED = """
    (date '2024-04-01', date '2024-02-19', 9.5, 8.0, 13.0, 0.7368, 'frozen'),
    (date '2024-05-01', date '2024-02-19', 99.0, 98.0, 100.0, 0.9, 'usable')
"""


def tables() -> list[Table]:
    return [
        Table(
            name,
            f"{name} in words.",
            tuple(Column(column, "VARCHAR", None, f"{column} in words.") for column in columns),
        )
        for name, columns in CONTRACT.items()
        if name not in OWN
    ]


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A warehouse with every promised mart, one row each, and two vintages of which the second withdraws a count."""
    path = tmp_path / "warehouse" / "war_losses.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        for table in tables():
            columns = ", ".join(f'null::varchar as "{column.name}"' for column in table.columns)
            connection.execute(f"create table marts.{table.name} as select {columns}")
        connection.execute("drop table marts.confirmed_deaths_history")
        connection.execute(
            "create table marts.confirmed_deaths_history"
            " (death_date date, confirmed_deaths integer, known_from date, known_to date)"
        )
        connection.execute(
            f"insert into marts.confirmed_deaths_history values {', '.join(DATES['confirmed_deaths_history'])}"
        )
        connection.execute("drop table marts.expected_deaths_history")
        connection.execute(
            f"create table marts.expected_deaths_history as from (values {EXPECTED}) as t ({EXPECTED_COLUMNS})"
        )
        connection.execute("update marts.vintages set as_of = '2024-03-01'")
        connection.execute("insert into marts.vintages (as_of) values ('2024-04-01')")
        connection.execute("alter table marts.vintages alter as_of type date")
    return path


@pytest.fixture
def published_dir(tmp_path: Path) -> Path:
    return tmp_path / "published"


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_release_holds_every_promised_table_with_comments(warehouse: Path, published_dir: Path) -> None:
    rows = build_release(warehouse, tables(), [CHECK], published_dir, published_dir.parent / "releases")

    assert set(rows) == set(CONTRACT)
    assert rows["quality_checks"] == 1
    assert rows["data_dictionary"] == sum(len(columns) for columns in CONTRACT.values())
    assert sorted(path.name for path in published_dir.iterdir()) == ["war_losses.duckdb"]
    with duckdb.connect(str(published_dir / "war_losses.duckdb"), read_only=True) as connection:
        assert connection.execute(
            "select count(*) from duckdb_columns() where not internal and comment is null"
        ).fetchone() == (0,)
        assert connection.execute("select severity, passed, meaning from quality_checks").fetchall() == [
            ("error", True, "A row is double.")
        ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-02-29", []),
        ("2024-03-01", [("2024-02-19", 5), ("2024-02-20", 3)]),
        ("2024-03-31", [("2024-02-19", 5), ("2024-02-20", 3)]),
        ("2024-04-01", [("2024-02-19", 7), ("2024-12-30", 2)]),
        ("2030-01-01", [("2024-02-19", 7), ("2024-12-30", 2)]),
    ],
)
def test_as_of_resolves_one_whole_vintage(warehouse: Path, published_dir: Path, day: str, expected: list) -> None:
    build_release(warehouse, tables(), [CHECK], published_dir, published_dir.parent / "releases")
    with duckdb.connect(str(published_dir / "war_losses.duckdb"), read_only=True) as connection:
        for argument in (f"'{day}'", f"date '{day}'"):
            found = connection.execute(
                f"select death_date::varchar, confirmed_deaths from deaths_by_day_as_of({argument})"
            ).fetchall()
            assert found == expected


def test_weeks_as_of_are_iso_weeks(warehouse: Path, published_dir: Path) -> None:
    build_release(warehouse, tables(), [CHECK], published_dir, published_dir.parent / "releases")
    with duckdb.connect(str(published_dir / "war_losses.duckdb"), read_only=True) as connection:
        weeks = connection.execute(
            "select week_start::varchar, iso_week, confirmed_deaths, confirmed_deaths_cum, age_days, is_partial_week"
            " from deaths_by_week_as_of('2024-04-01')"
        ).fetchall()
    assert weeks == [
        ("2024-02-19", "2024-W08", 7, 7, 36, True),
        ("2024-12-30", "2025-W01", 2, 9, -279, True),
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-03-01", [(8, None, None, None, None, "reported_only")]),
        ("2024-04-02", [(7, 9.5, 8.0, 13.0, 0.7368, "frozen"), (2, None, None, None, None, "reported_only")]),
    ],
)
def test_what_was_expected_is_that_of_the_vintage(
    warehouse: Path, published_dir: Path, day: str, expected: list
) -> None:
    build_release(warehouse, tables(), [CHECK], published_dir, published_dir.parent / "releases")
    with duckdb.connect(str(published_dir / "war_losses.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select confirmed_deaths, expected_deaths_6m::double, expected_low::double, expected_high::double,"
            f" completeness::double, status from deaths_by_week_as_of('{day}')"
        ).fetchall()
    assert found == expected


def test_a_file_renamed_by_its_reader_still_answers(warehouse: Path, published_dir: Path, tmp_path: Path) -> None:
    build_release(warehouse, tables(), [CHECK], published_dir, published_dir.parent / "releases")
    renamed = tmp_path / "downloaded (1).duckdb"
    renamed.write_bytes((published_dir / "war_losses.duckdb").read_bytes())
    with duckdb.connect(str(renamed), read_only=True) as connection:
        assert connection.execute("select count(*) from deaths_by_week_as_of('2024-04-01')").fetchone() == (2,)


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        ("drop table marts.deaths_by_day", "deaths_by_day"),
        ("alter table marts.deaths_by_day drop column rank_in_year", "rank_in_year"),
        ("delete from marts.toll_estimates", "toll_estimates is empty"),
        ("alter table marts.deaths_by_day add column first_name varchar", "looks like data about a person"),
        ("alter table marts.deaths_by_day add column birth_date date", "looks like data about a person"),
        ("alter table marts.deaths_by_day add column surprise date", "surprise has no comment"),
        ("delete from marts.vintages", "gives no rows for the newest vintage"),
    ],
)
def test_what_is_not_as_promised_is_not_published(warehouse: Path, published_dir: Path, damage: str, word: str) -> None:
    build_release(warehouse, tables(), [CHECK], published_dir, published_dir.parent / "releases")
    before = snapshot(published_dir)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(damage)

    with pytest.raises(ReleaseError, match=word):
        build_release(warehouse, tables(), [CHECK], published_dir, published_dir.parent / "releases")

    assert snapshot(published_dir) == before


def test_a_reader_keeps_its_release_while_the_next_is_swapped_in(warehouse: Path, published_dir: Path) -> None:
    build_release(warehouse, tables(), [CHECK], published_dir, published_dir.parent / "releases")
    with duckdb.connect(str(published_dir / "war_losses.duckdb"), read_only=True) as reader:
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("update marts.confirmed_deaths_history set confirmed_deaths = 100")
        build_release(warehouse, tables(), [CHECK], published_dir, published_dir.parent / "releases")
        assert reader.execute("select max(confirmed_deaths) from confirmed_deaths_history").fetchone() == (7,)


def test_a_missing_warehouse_is_named(tmp_path: Path, published_dir: Path) -> None:
    with pytest.raises(ReleaseError, match="war-losses refresh"):
        build_release(tmp_path / "nowhere.duckdb", tables(), [CHECK], published_dir, published_dir.parent / "releases")
    assert not published_dir.exists()


def test_a_write_ahead_log_beside_the_file_is_refused(warehouse: Path, published_dir: Path) -> None:
    build_release(warehouse, tables(), [CHECK], published_dir, published_dir.parent / "releases")
    path = published_dir / "war_losses.duckdb"
    path.with_name(path.name + ".wal").write_bytes(b"")
    with pytest.raises(ReleaseError, match="left beside"):
        verify_release(path)
