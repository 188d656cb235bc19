"""The shipped figures from refresh to answers, as people run it; and curated rows that must stop a release."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.release.contract import CONTRACT, MAY_BE_EMPTY
from tests.conftest import REFRESH_TIMEOUT_S, ROOT, Refreshed, run_war_losses


def test_refresh_says_what_it_published(refreshed: Refreshed) -> None:
    said = refreshed.result.stdout
    for word in ("Published tables", "deaths_by_week", "confirmed_deaths", "Checks:", str(refreshed.published_path)):
        assert word in said
    assert "0 failed" in said


def test_every_promised_table_has_rows(published: duckdb.DuckDBPyConnection) -> None:
    for table, columns in CONTRACT.items():
        selected = ", ".join(columns)
        row = published.execute(f"select {selected} from {table} limit 1").fetchone()
        assert row is not None or table in MAY_BE_EMPTY, table


def test_one_week_as_known_on_two_dates(published: duckdb.DuckDBPyConnection) -> None:
    known = [
        published.execute(
            "select confirmed_deaths from deaths_by_week_as_of(?) where iso_week = '2024-W08'", [day]
        ).fetchone()[0]
        for day in ("2024-04-30", "2025-10-11")
    ]
    assert known[0] < known[1]


def test_as_of_the_newest_vintage_equals_the_tables(published: duckdb.DuckDBPyConnection) -> None:
    (newest,) = published.execute("select max(as_of) from vintages").fetchone()
    for table, macro in (("deaths_by_day", "deaths_by_day_as_of"), ("deaths_by_week", "deaths_by_week_as_of")):
        columns = [c[0] for c in published.execute(f"select * from {macro}(?) limit 0", [newest]).description]
        selected = ", ".join(columns)
        differing = published.execute(
            f"(select {selected} from {table} except select {selected} from {macro}(?))"
            f" union all (select {selected} from {macro}(?) except select {selected} from {table})",
            [newest, newest],
        ).fetchall()
        assert differing == []


def test_checks_and_their_meanings_are_published(published: duckdb.DuckDBPyConnection) -> None:
    from orchestration.definitions import check_specs

    found = published.execute("select asset, check_name, meaning, checked_at from quality_checks").fetchall()
    ran_without_pull = [spec for spec in check_specs if spec.asset_key.path[0] != "raw"]
    assert len(found) == len(ran_without_pull)
    assert all(meaning and checked_at for _, _, meaning, checked_at in found)
    assert published.execute(
        "select count(*) from quality_checks where severity = 'error' and not passed"
    ).fetchone() == (0,)


def test_dictionary_describes_every_column(published: duckdb.DuckDBPyConnection) -> None:
    undescribed = published.execute("""
        select table_name, column_name from duckdb_columns() where schema_name = 'main' and not internal
        except select table_name, column_name from data_dictionary where length(description) > 5 and data_type <> ''
    """).fetchall()
    assert undescribed == []


def test_query_answers_and_cannot_reach_out(refreshed: Refreshed, tmp_path: Path) -> None:
    answer = refreshed.ask(
        "query", "--csv", "select period, confirmed_deaths from deaths_by_year where period = '2023'"
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[0] == "period,confirmed_deaths"

    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    for sql in (
        f"from '{secret}'",
        f"copy (select 1) to '{tmp_path / 'out.csv'}'",
        "create table mine (a int)",
        "set enable_external_access = true",
        f"attach '{tmp_path / 'other.duckdb'}'",
        "install httpfs",
    ):
        refused = refreshed.ask("query", sql)
        assert refused.returncode == 1, sql
        assert "Traceback" not in refused.stderr
    assert not (tmp_path / "out.csv").exists()


def test_status_shows_sources_and_their_age(refreshed: Refreshed) -> None:
    status = refreshed.ask("status")
    assert status.returncode == 0, status.stderr
    assert "occupied_area_2022_23" in status.stdout


def test_nothing_published_yet_is_said_plainly(tmp_path: Path) -> None:
    answer = run_war_losses("status", WAR_LOSSES_DATA_DIR=str(tmp_path / "empty"))
    assert answer.returncode == 1
    assert "war-losses refresh" in answer.stderr


@pytest.fixture
def copied_project(tmp_path: Path) -> Path:
    """The project's own files in another place, to be damaged."""
    for part in ("orchestration", "dbt_project", "data/embedded"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "target", "logs"))
    return tmp_path


def refresh_copy(project: Path, data_dir: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "refresh"],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=REFRESH_TIMEOUT_S,
        check=False,
        env={**os.environ, "PYTHONPATH": str(project), "WAR_LOSSES_DATA_DIR": str(data_dir)},
    )


def change_seed(project: Path, name: str, row: int, **values: str) -> dict[str, str]:
    """Overwrite columns of one row of a curated CSV; returns the row as it was."""
    path = project / "dbt_project" / "seeds" / f"{name}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    original = dict(rows[row])
    rows[row].update(values)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return original


def test_bad_curated_rows_stop_the_release_and_are_named(
    refreshed: Refreshed, copied_project: Path, tmp_path: Path
) -> None:
    data_dir = tmp_path / "data_of_the_copy"
    (data_dir / "published").mkdir(parents=True)
    release = data_dir / "published" / "war_losses.duckdb"
    shutil.copyfile(refreshed.published_path, release)
    before = release.read_bytes()
    no_url = change_seed(copied_project, "estimates", 3, url="")
    backwards = change_seed(copied_project, "recruitment", 40, period_end="2021-01-01")
    unknown = change_seed(copied_project, "recruitment", 50, basis="hearsay")
    change_seed(copied_project, "territory_published_curated", 5, period_start="31.12.2023")

    result = refresh_copy(copied_project, data_dir)

    assert result.returncode == 1, result.stdout + result.stderr
    assert "Nothing was published" in result.stderr
    for row in (no_url["claimant"], backwards["claimant"], "hearsay"):
        assert row in result.stderr
    for seed in ("estimates", "recruitment"):
        assert seed in result.stderr
    assert "territory_published_curated.csv" in result.stderr
    assert "period_start" in result.stderr
    assert unknown["basis"] != "hearsay"
    assert release.read_bytes() == before
    assert list((data_dir / "published").iterdir()) == [release]
