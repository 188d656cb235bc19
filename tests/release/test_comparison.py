"""Two releases row by row: what is of the run may differ, nothing else, and what differs is shown."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.release import comparison
from orchestration.release.comparison import compare_releases

MADE = (
    "create table release (version varchar, published_at timestamp, run_id varchar, as_of date)",
    "insert into release values ('2026.01.01', '2026-01-01', 'a', '2025-10-11')",
    "create table deaths_by_week (week_start date, as_of date, confirmed_deaths integer, expected_low double)",
    "insert into deaths_by_week values ('2024-02-19', '2025-10-11', 5, 0.1::double + 0.2::double)",
    "insert into deaths_by_week values ('2024-02-26', '2025-10-11', 7, 3)",
    "insert into deaths_by_week values ('2024-03-04', '2025-10-11', null, null)",
)
BY_VALUE = "select * from deaths_by_week order by confirmed_deaths desc nulls last"


@pytest.fixture
def release(tmp_path: Path):
    """Makes a release, and changes it."""

    def make(name: str, *changes: str) -> Path:
        path = tmp_path / name / "war_losses.duckdb"
        path.parent.mkdir()
        with duckdb.connect(str(path)) as connection:
            for statement in (*MADE, *changes):
                connection.execute(statement)
        return path

    return make


def told(before: Path, after: Path) -> list[str]:
    return list(compare_releases(before, after).lines())


def test_another_run_of_the_same_figures_is_equal(release) -> None:
    other = release(
        "after",
        "update release set version = '2026.01.02', published_at = '2026-01-02', run_id = 'b'",
        f"create or replace table deaths_by_week as {BY_VALUE}",
        # Another order of a sum.
        "update deaths_by_week set expected_low = 0.3 where confirmed_deaths = 5",
    )
    found = compare_releases(release("before"), other)
    assert found.is_equal
    assert list(found.lines()) == ["2 tables compared: equal"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "update deaths_by_week set confirmed_deaths = 6 where confirmed_deaths = 5",
            [
                "deaths_by_week: 1 rows only before, 1 only after; the first:",
                "  - week_start=2024-02-19, as_of=2025-10-11, confirmed_deaths=5, expected_low=0.30000000000000004",
                "  + week_start=2024-02-19, as_of=2025-10-11, confirmed_deaths=6, expected_low=0.30000000000000004",
            ],
        ),
        (
            "update deaths_by_week set expected_low = 3.00001 where confirmed_deaths = 7",
            [
                "deaths_by_week: 1 rows only before, 1 only after; the first:",
                "  - week_start=2024-02-26, as_of=2025-10-11, confirmed_deaths=7, expected_low=3.0",
                "  + week_start=2024-02-26, as_of=2025-10-11, confirmed_deaths=7, expected_low=3.00001",
            ],
        ),
        (
            "update deaths_by_week set expected_low = 1 where expected_low is null",
            [
                "deaths_by_week: 1 rows only before, 1 only after; the first:",
                "  - week_start=2024-03-04, as_of=2025-10-11",
                "  + week_start=2024-03-04, as_of=2025-10-11, expected_low=1.0",
            ],
        ),
        (
            "insert into deaths_by_week from deaths_by_week where confirmed_deaths = 7",
            [
                "deaths_by_week: 0 rows only before, 1 only after; the first:",
                "  + week_start=2024-02-26, as_of=2025-10-11, confirmed_deaths=7, expected_low=3.0",
            ],
        ),
        ("alter table deaths_by_week add column status varchar", ["deaths_by_week.status: only after"]),
        ("alter table deaths_by_week drop column expected_low", ["deaths_by_week.expected_low: only before"]),
        (
            "alter table deaths_by_week alter confirmed_deaths type bigint",
            ["deaths_by_week.confirmed_deaths: INTEGER before, BIGINT after"],
        ),
        ("create table waves (wave integer)", ["waves: only after"]),
        ("create schema page; create table page.waves (wave integer)", ["page.waves: only after"]),
        ("drop table release", ["release: only before"]),
    ],
)
def test_what_differs_is_shown(release, change: str, said: list[str]) -> None:
    *differing, last = told(release("before"), release("after", change))
    assert differing == said
    assert last.endswith("tables compared: they differ")


def test_an_as_of_date_that_moved_is_a_difference(release) -> None:
    (found,) = compare_releases(release("before"), release("after", "update release set as_of = '2025-10-12'")).tables
    assert (found.table, found.rows_only_before, found.rows_only_after) == ("release", 1, 1)


def test_tables_of_other_schemas_are_compared_too(release) -> None:
    made = "create schema page; create table page.waves as select 1 as wave"
    (found,) = compare_releases(
        release("before", made), release("after", made, "update page.waves set wave = 2")
    ).tables
    assert (found.table, found.rows_only_before, found.rows_only_after) == ("page.waves", 1, 1)


def test_many_rows_are_counted_and_a_few_shown(release) -> None:
    many = "insert into deaths_by_week select date '2025-01-06' + 7 * i::integer, null, i, null from range(50) r(i)"
    (found,) = compare_releases(release("before"), release("after", many)).tables
    assert found.rows_only_after == 50
    assert [row["confirmed_deaths"] for row in found.examples_after] == [0, 1, 2]


def test_the_command_takes_folders_and_exits_by_the_outcome(release) -> None:
    before = release("before")
    after = release("after", "update release set as_of = '2025-10-12'")
    run = CliRunner().invoke
    assert run(comparison.main, [str(before.parent), str(before)]).exit_code == 0
    differs = run(comparison.main, [str(before.parent), str(after.parent)])
    assert differs.exit_code == 1
    assert "release: 1 rows only before, 1 only after" in differs.output
    assert run(comparison.main, [str(before), str(after), "--ignore", "release.as_of"]).exit_code == 0


def test_it_needs_neither_dagster_nor_dbt() -> None:
    code = (
        "import sys, orchestration.release.comparison\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('dagster', 'dbt', 'pandas')])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert result.stdout == "[]\n"
