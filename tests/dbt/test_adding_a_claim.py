"""Another claim of a known measure is a row of the file of claims and nothing else."""

import csv
import json
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import DBT_PROJECT_DIR
from tests.conftest import Refreshed
from tests.running_dbt import run_dbt

ROW = {
    "claim_id": "C90",
    "statement": "Deaths dated 2023 on the named list",
    "metric": "confirmed_named_deaths",
    "period_start": "2023-01-01",
    "period_end": "2023-12-31",
    "value_low": "33117",
    "unit": "persons",
    "kind": "count",
    "tolerance": "0.02",
    "method_then": "names with a day of death",
    "method_now": "names with a day of death",
    "source": "somebody",
    "url": "https://example.org/claim",
    "published_on": "2025-05-05",
}
ROWS = [
    ROW,
    {
        **ROW,
        "claim_id": "C91",
        "metric": "ratio_of_years",
        "period_end": "2025-12-31",
        "value_low": "1",
        "kind": "ratio",
    },
    {
        **ROW,
        "claim_id": "C92",
        "metric": "date_of_max_daily_deaths",
        "period_start": "2023-01-01",
        "unit": "date",
        "value_low": "",
        "day_in_words": "2023-01-01",
        "kind": "exact",
        "tolerance": "0",
    },
    {
        **ROW,
        "claim_id": "C93",
        "metric": "km2_gained",
        "series": "ISW",
        "period_start": "2024-01-01",
        "period_end": "2024-12-31",
        "unit": "km2",
        "value_low": "4168",
    },
]
UNKNOWN = {**ROW, "claim_id": "C94", "metric": "graves_counted"}


class Copy:
    """A copy of the dbt project and of the warehouse, to which claims are added."""

    def __init__(self, folder: Path, refreshed: Refreshed) -> None:
        self.folder = folder
        self.project_dir = folder / "dbt_project"
        shutil.copytree(DBT_PROJECT_DIR, self.project_dir, ignore=shutil.ignore_patterns("target", "logs"))
        shutil.copytree(refreshed.data_dir / "observations", folder / "observations")
        shutil.copytree(refreshed.data_dir / "warehouse", folder / "warehouse")

    def add(self, *rows: dict[str, str]) -> None:
        path = self.project_dir / "seeds" / "claims.csv"
        with path.open(newline="", encoding="utf-8") as file:
            columns = csv.DictReader(file).fieldnames
        with path.open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, columns, lineterminator="\n").writerows(rows)

    def build(self) -> subprocess.CompletedProcess:
        selected = ("--select", "claims+", "--exclude-resource-type", "unit_test")
        return run_dbt("build", *selected, scratch=self.folder, data_dir=self.folder, project_dir=self.project_dir)

    def ask(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.folder / "warehouse" / "war_losses.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def project(refreshed: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("claims"), refreshed)


def test_a_row_is_computed_judged_and_published(project: Copy) -> None:
    before = project.ask("from marts.published_claims order by claim_id")
    project.add(*ROWS)
    result = project.build()
    assert result.returncode == 0, result.stdout

    added = project.ask(
        "select claim_id, as_of_then, computed_then, computed_now, verdict from marts.published_claims"
        " where claim_id between 'C90' and 'C99' order by claim_id"
    )
    of_year = "(select sum(confirmed_deaths) from marts.deaths_by_day where year(death_date) = {})"
    (expected,) = project.ask(
        f"select {of_year.format(2023)}::double, {of_year.format(2025)} / {of_year.format(2023)},"
        " (select strftime(min_by(death_date, row(-confirmed_deaths, death_date)), '%Y%m%d')::double"
        " from marts.deaths_by_day where year(death_date) = 2023),"
        " (select net_km2 from marts.losses_per_km2 where grain = 'year' and period = '2024' and area_source = 'ISW')"
    )
    assert [now for *_, now, _ in added] == list(expected)
    assert [verdict for *_, verdict in added] == ["superseded", "not_derivable", "reproduced", "reproduced"]
    assert added[0][2] == 33117
    assert (
        project.ask("from marts.published_claims where claim_id not between 'C90' and 'C99' order by claim_id")
        == before
    )


def test_a_claim_of_no_measure_is_refused(project: Copy) -> None:
    project.add(UNKNOWN)
    assert project.build().returncode == 1
    results = json.loads((project.folder / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    failed = {result["unique_id"].split(".")[2] for result in results if result["status"] == "fail"}
    assert failed == {"seed_claim_rules_complete"}
