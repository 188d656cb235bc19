"""What a release says it changes is what changed: no more, no less."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.release.build import BuiltRelease
from orchestration.release.changes import Changes, compare
from orchestration.release.database import Identity
from orchestration.release.history import Releases
from orchestration.release.tables import QUALITY_CHECKS, Column, PublishedTable
from tests.release.conftest import CHECK, NOON, change

# A table as dbt describes one: counts, a running total, a fraction, and the vintage they are known by.
DEATHS = PublishedTable(
    "deaths_by_week",
    "One row a week (week_start).",
    (
        Column("week_start", "DATE", None, "Monday."),
        Column("as_of", "DATE", None, "Vintage."),
        Column("confirmed_deaths", "INTEGER", "persons", "Deaths."),
        Column("confirmed_deaths_cum", "INTEGER", "persons", "Deaths so far."),
        Column("completeness", "DOUBLE", "share", "Share."),
    ),
    ("week_start",),
)
BEFORE = [
    "(date '2024-01-01', date '2024-06-01', 10, 10, 0.5)",
    "(date '2024-01-08', date '2024-06-01', 20, 30, 0.1::double + 0.2)",
    "(date '2024-01-15', date '2024-06-01', 5, 35, null)",
]
IDENTITY = Identity("2026.01.02", NOON, "a run")


def write(path: Path, rows: list[str], types: str = "date, date, integer, integer, double") -> Path:
    columns = ", ".join(
        f"{column.name} {data_type}" for column, data_type in zip(DEATHS.columns, types.split(", "), strict=True)
    )
    with duckdb.connect(str(path)) as connection:
        # What every release has: its identity, and the results of its checks.
        connection.execute("create table release as select '2026.01.01' as version, date '2025-12-01' as as_of")
        check_columns = ", ".join(f"{column.name} {column.data_type}" for column in QUALITY_CHECKS.columns)
        connection.execute(f"create table quality_checks ({check_columns})")
        connection.execute(f"create table deaths_by_week ({columns})")
        if rows:
            connection.execute(f"insert into deaths_by_week values {', '.join(rows)}")
    return path


def compared(tmp_path: Path, after: list[str], table: PublishedTable = DEATHS, before: list[str] = BEFORE) -> Changes:
    old, new = write(tmp_path / "old.duckdb", before), write(tmp_path / "new.duckdb", after)
    return compare(new, old, [table], IDENTITY, NOON.date())


def test_a_new_vintage_alone_revises_nothing(tmp_path: Path) -> None:
    after = [row.replace("2024-06-01", "2024-07-01").replace("0.1::double + 0.2", "0.3") for row in BEFORE]
    assert compared(tmp_path, after).tables == []


def test_rows_added_removed_and_revised_are_told_apart(tmp_path: Path) -> None:
    after = [
        "(date '2024-01-01', date '2024-07-01', 13, 13, 0.5)",
        "(date '2024-01-08', date '2024-07-01', 18, 31, 0.1::double + 0.2)",
        "(date '2024-01-22', date '2024-07-01', 7, 38, null)",
    ]
    (table,) = compared(tmp_path, after).tables
    assert (table.rows_before, table.rows_after) == (3, 3)
    assert (table.rows_added, table.rows_removed, table.rows_revised) == (1, 1, 2)
    assert table.keys == {"week_start": ("2024-01-01", "2024-01-22")}
    deaths, running_total = table.columns_revised
    assert (deaths.name, deaths.rows, deaths.sum_of_changes) == ("confirmed_deaths", 2, 1)
    assert deaths.keys == {"week_start": ("2024-01-01", "2024-01-08")}
    # Sums of running totals mean nothing.
    assert (running_total.name, running_total.rows, running_total.sum_of_changes) == ("confirmed_deaths_cum", 2, None)


def test_a_figure_that_comes_or_goes_is_a_revision(tmp_path: Path) -> None:
    after = [BEFORE[0].replace("0.5", "null"), BEFORE[1], BEFORE[2].replace("null", "0.9")]
    (table,) = compared(tmp_path, after).tables
    (completeness,) = table.columns_revised
    assert (completeness.name, completeness.rows) == ("completeness", 2)


@pytest.mark.parametrize("key", [("as_of",), ("week_start", "as_of")])
def test_counts_by_vintage_are_not_summed(tmp_path: Path, key: tuple[str, ...]) -> None:
    """Vintages hold the same persons again."""
    before = [BEFORE[0], BEFORE[1].replace("2024-06-01", "2024-07-01")]
    after = [BEFORE[0].replace("10, 10", "11, 10"), before[1]]
    (table,) = compared(tmp_path, after, replace(DEATHS, primary_key=key), before).tables
    ends = {"as_of": ("2024-06-01",) * 2, "week_start": ("2024-01-01",) * 2}
    assert table.keys == {name: ends[name] for name in key}
    assert [(column.name, column.sum_of_changes) for column in table.columns_revised] == [("confirmed_deaths", None)]


def test_nulls_in_a_key_are_one_key(tmp_path: Path) -> None:
    row = "(null, date '2024-06-01', 1, 1, null)"
    assert compared(tmp_path, [*BEFORE, row], before=[*BEFORE, row]).tables == []


@pytest.mark.parametrize("rows", [[], BEFORE])
def test_empty_and_full_tables(tmp_path: Path, rows: list[str]) -> None:
    (table,) = compared(tmp_path, BEFORE if not rows else [], before=rows).tables
    assert {table.rows_added, table.rows_removed} == {0, 3}
    assert table.rows_revised == 0
    assert table.columns_revised == []


def test_rows_are_not_compared_by_a_key_the_older_release_did_not_hold(tmp_path: Path) -> None:
    (table,) = compared(tmp_path, BEFORE, before=[*BEFORE, BEFORE[0].replace("10", "11")]).tables
    assert (table.rows_before, table.rows_after) == (4, 3)
    assert (table.rows_added, table.rows_removed, table.rows_revised) == (None, None, None)


@pytest.mark.parametrize(
    "difference",
    ["alter table deaths_by_week rename column week_start to week", "update deaths_by_week set week_start = 'first'"],
)
def test_rows_are_not_compared_by_a_key_that_was_no_column_or_of_another_type(tmp_path: Path, difference: str) -> None:
    old = write(tmp_path / "old.duckdb", BEFORE[:1], "varchar, date, integer, integer, double")
    with duckdb.connect(str(old)) as connection:
        connection.execute(difference)
    (table,) = compare(write(tmp_path / "new.duckdb", BEFORE), old, [DEATHS], IDENTITY, NOON.date()).tables
    assert (table.rows_before, table.rows_after, table.rows_revised) == (1, 3, None)


def test_columns_that_come_go_or_change_their_type(tmp_path: Path) -> None:
    old = write(tmp_path / "old.duckdb", BEFORE, "date, varchar, varchar, integer, double")
    with duckdb.connect(str(old)) as connection:
        connection.execute("alter table deaths_by_week rename column completeness to coverage")
        connection.execute("update deaths_by_week set confirmed_deaths = 'ten' where week_start = '2024-01-01'")
    (table,) = compare(write(tmp_path / "new.duckdb", BEFORE), old, [DEATHS], IDENTITY, NOON.date()).tables
    assert (table.columns_added, table.columns_removed) == (["completeness"], ["coverage"])
    assert [(column.name, column.rows) for column in table.columns_revised] == [("confirmed_deaths", 1)]


def notes(release: BuiltRelease) -> tuple[dict, str]:
    return (
        json.loads((release.folder / "changes.json").read_text(encoding="utf-8")),
        (release.folder / "CHANGES.md").read_text(encoding="utf-8"),
    )


def test_the_first_release_says_so(build: Callable) -> None:
    changes, text = notes(build())
    assert changes["previous_version"] is None
    assert changes["not_compared"] == "It is the first release."
    assert "first release" in text


@pytest.mark.usefixtures("released")
def test_a_release_names_the_one_before_and_its_vintage(build: Callable, warehouse: Path) -> None:
    change(warehouse, "insert into marts.vintages (as_of) values ('2024-05-01')")
    changes, text = notes(build())
    assert (changes["version"], changes["previous_version"]) == ("2026.01.01.2", "2026.01.01")
    assert (changes["as_of"], changes["previous_as_of"]) == ("2024-05-01", "2024-04-01")
    (table,) = changes["tables"]
    assert (table["name"], table["rows_added"]) == ("vintages", 1)
    assert table["keys"] == {"as_of": ["2024-05-01", "2024-05-01"]}
    assert "that of 2024-05-01; before, it was that of 2024-04-01" in text
    assert "`vintages`: 1 row added, 0 removed" in text


def test_time_alone_changes_nothing(build: Callable, warehouse: Path) -> None:
    build(checks=(CHECK, replace(CHECK, check_name="fresh", measured="3 days")))
    change(warehouse, "update marts.source_status set last_pulled_at = '2026-01-02'")
    later = datetime(2026, 1, 2)
    changes, text = notes(
        build(
            NOON + timedelta(days=1),
            checks=(
                replace(CHECK, checked_at=later),
                replace(CHECK, check_name="fresh", measured="4 days", checked_at=later),
            ),
        )
    )
    assert (changes["tables"], changes["checks"]) == ([], [])
    assert "No figure changed." in text


def test_checks_that_changed_colour_are_named_with_their_meaning(build: Callable) -> None:
    gone = replace(CHECK, check_name="gone")
    build(checks=(CHECK, gone))
    failed = replace(CHECK, passed=False, measured="2 | rows", severity="warn")
    new = replace(CHECK, check_name="new", passed=False)
    changes, text = notes(build(checks=(failed, new)))
    assert [(c["check_name"], c["before"], c["after"]) for c in changes["checks"]] == [
        ("gone", "passed", None),
        ("new", None, "error"),
        ("x_once", "passed", "warn"),
    ]
    assert "| `x_once` of `marts/x` | passed | to look at | 2 \\| rows | A row is double. |" in text
    assert "3 checks changed colour; 2 to be looked at now." in text
    assert QUALITY_CHECKS.name not in [table["name"] for table in changes["tables"]]


def test_sums_of_persons_are_said_in_words(build: Callable, warehouse: Path, releases: Releases) -> None:
    from orchestration.release.change_notes import summary
    from orchestration.release.changes import ColumnChange, TableChange

    weeks = {"week_start": ("2024-01-01", "2024-02-05")}
    column = ColumnChange("confirmed_deaths", 6, weeks, 1312.0)
    table = TableChange("deaths_by_week", ("week_start",), 9, 9, 0, 0, 6, weeks, columns_revised=[column])
    other = replace(table, name="waves_by_year", rows_revised=1, columns_revised=[replace(column, sum_of_changes=None)])
    assert summary(Changes("2", NOON.date(), "1", NOON.date(), tables=[table, other])) == [
        "`deaths_by_week`: `confirmed_deaths` of 6 rows revised, 2024-01-01 to 2024-02-05: +1,312 in sum.",
        "`waves_by_year`: 1 row revised.",
    ]


def test_a_damaged_release_does_not_stop_the_next(build: Callable, released: Path) -> None:
    (released / "war_losses.duckdb").write_bytes(b"torn")
    changes, text = notes(build())
    assert "cannot be read" in changes["not_compared"]
    assert "cannot be read" in text


def test_tables_that_came_or_went_are_named(build: Callable, released: Path) -> None:
    with duckdb.connect(str(released / "war_losses.duckdb")) as connection:
        connection.execute("drop table method_breaks")
        connection.execute("create table old_table (a integer)")
    changes, _ = notes(build())
    assert (changes["tables_added"], changes["tables_removed"]) == (["method_breaks"], ["old_table"])
