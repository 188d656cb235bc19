"""The DuckDB file is whole and as promised, or nothing is published."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.release.contract import CONTRACT, MAY_BE_EMPTY
from orchestration.release.database import verify_database
from orchestration.release.history import Releases
from orchestration.release.tables import OWN_TABLES, ReleaseError
from tests.release.conftest import NOON, change, marts, snapshot


@pytest.fixture
def published(released: Path) -> Path:
    """The file analysts open, after one release."""
    return released / "war_losses.duckdb"


def ask(path: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_release_holds_every_promised_table_with_comments(build: Callable, releases: Releases) -> None:
    rows = build().row_counts

    assert set(rows) == set(CONTRACT)
    assert rows["quality_checks"] == 1
    assert rows["data_dictionary"] == sum(len(table.columns) for table in (*marts(), *OWN_TABLES))
    path = releases.published / "war_losses.duckdb"
    assert ask(path, "select count(*) from duckdb_columns() where not internal and comment is null") == [(0,)]
    assert ask(path, "select severity, passed, meaning from quality_checks") == [("error", True, "A row is double.")]


def test_the_rows_behind_a_chart_are_published_apart(build: Callable, warehouse: Path, releases: Releases) -> None:
    change(warehouse, "insert into report.report_chart values ('2024-Q1', 0.5)")
    assert "report_chart" not in build().row_counts
    path = releases.published / "war_losses.duckdb"
    assert ask(path, "from report.report_chart") == [("2024-Q1", 0.5)]
    assert ask(path, "select comment from duckdb_tables() where schema_name = 'report'") == [
        ("report_chart in words.",)
    ]
    assert ask(path, "select count(*) from data_dictionary where table_name = 'report_chart'") == [(0,)]
    assert not list(releases.published.rglob("report_chart.*")), "only in the DuckDB file"


def test_texts_are_worded_from_the_figures_of_their_row(build: Callable, warehouse: Path, releases: Releases) -> None:
    change(
        warehouse,
        "update marts.vintages set break_codes = 'undated_fall', undated_change = -1041 where as_of = '2024-04-01'",
        "update marts.published_claims set claim_id = 'C01', statement = 'A claim.', kind = 'not_numeric'",
    )
    build()

    path = releases.published / "war_losses.duckdb"
    assert ask(path, "select as_of::varchar, break_reason from vintages") == [
        ("2024-03-01", None),
        ("2024-04-01", "undated names fell by 1041 (bulk dating)"),
    ]
    assert ask(path, "select claim, explanation from published_claims") == [
        ("A claim.", "No figure could decide it."),
    ]
    columns = [column for (column, *_) in ask(path, "describe vintages")]
    assert columns == [column.name for table in marts() if table.name == "vintages" for column in table.columns]


def test_a_release_says_which_it_is(published: Path) -> None:
    assert ask(published, "select version, published_at, as_of::varchar, run_id, licence <> '' from release") == [
        ("2026.01.01", NOON, "2024-04-01", "a run", True)
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
def test_as_of_resolves_one_whole_vintage(published: Path, day: str, expected: list) -> None:
    for argument in (f"'{day}'", f"date '{day}'"):
        sql = f"select death_date::varchar, confirmed_deaths from deaths_by_day_as_of({argument})"
        assert ask(published, sql) == expected


def test_weeks_as_of_are_iso_weeks(published: Path) -> None:
    weeks = ask(
        published,
        "select week_start::varchar, iso_week, confirmed_deaths, confirmed_deaths_cum, age_days, is_partial_week"
        " from deaths_by_week_as_of('2024-04-01')",
    )
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
def test_what_was_expected_is_that_of_the_vintage(published: Path, day: str, expected: list) -> None:
    found = ask(
        published,
        "select confirmed_deaths, expected_deaths_6m, expected_low, expected_high, completeness, status"
        f" from deaths_by_week_as_of('{day}')",
    )
    assert found == expected


def test_a_file_renamed_by_its_reader_still_answers(published: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "downloaded (1).duckdb"
    renamed.write_bytes(published.read_bytes())
    assert ask(renamed, "select count(*) from deaths_by_week_as_of('2024-04-01')") == [(2,)]


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        ("drop table marts.deaths_by_day", "deaths_by_day"),
        ("alter table marts.deaths_by_day drop column rank_in_year", "rank_in_year"),
        ("delete from marts.toll_estimates", "toll_estimates is empty"),
        ("alter table marts.deaths_by_day add column first_name varchar", "looks like data about a person"),
        ("alter table marts.deaths_by_day add column birth_date date", "looks like data about a person"),
        ("alter table marts.deaths_by_day add column surprise date", "surprise has no comment"),
        ("update marts.expected_deaths_history set completeness = 'nan'", "completeness is infinite or no number in 2"),
        (
            "update marts.expected_deaths_history set expected_high = 'inf'",
            "high is infinite or no number in 2 rows",
        ),
        (
            "update marts.vintages set break_codes = 'unheard_of'",
            "vintages.break_reason cannot be worded: .*'unheard_of'",
        ),
        ("delete from marts.vintages", "gives no rows for the newest vintage"),
        ("drop table report.report_chart", "report_chart"),
        ("alter table report.report_chart add column surprise date", "surprise has no comment"),
        ("insert into report.report_chart values ('a', 'nan')", "share is infinite or no number in 1 rows"),
    ],
)
def test_what_is_not_as_promised_is_not_published(
    build: Callable, warehouse: Path, released: Path, releases: Releases, damage: str, word: str
) -> None:
    before = snapshot(released)
    change(warehouse, damage)

    with pytest.raises(ReleaseError, match=word):
        build()

    assert snapshot(released) == before
    assert [path.name for path in releases.directory.iterdir()] == ["2026.01.01"]


def test_a_table_may_be_empty_only_where_the_contract_says_why(build: Callable, warehouse: Path) -> None:
    assert MAY_BE_EMPTY.keys() <= CONTRACT.keys()
    assert all(len(reason) > 40 for reason in MAY_BE_EMPTY.values())
    for table in MAY_BE_EMPTY:
        change(warehouse, f"delete from marts.{table}")
    counts = build().row_counts
    assert [table for table, rows in counts.items() if rows == 0] == list(MAY_BE_EMPTY)


def test_a_missing_warehouse_is_named(build: Callable, warehouse: Path, releases: Releases) -> None:
    warehouse.unlink()
    with pytest.raises(ReleaseError, match="war-losses refresh"):
        build()
    assert not releases.published.exists()


def test_a_write_ahead_log_beside_the_file_is_refused(published: Path) -> None:
    published.with_name(published.name + ".wal").write_bytes(b"")
    with pytest.raises(ReleaseError, match="left beside"):
        verify_database(published)
