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
        "metric": "ratio_of_periods",
        "period_start": "2024-01-01",
        "period_end": "2024-12-31",
        "base_start": "2023-01-01",
        "base_end": "2023-12-31",
        "value_low": "",
        "value_in_words": "1",
        "unit": "ratio",
        "kind": "more_than",
        "tolerance": "0",
    },
    {
        **ROW,
        "claim_id": "C92",
        "metric": "date_of_max_daily_deaths",
        "unit": "date",
        "value_low": "",
        "day_in_words": "2023-01-01",
        "kind": "date",
        "tolerance": "0",
    },
    {
        **ROW,
        "claim_id": "C92b",
        "reading_of": "C92",
        "reading": "of the war to the end of 2024",
        "metric": "date_of_max_daily_deaths",
        "period_start": "2022-02-24",
        "period_end": "2024-12-31",
        "unit": "date",
        "value_low": "",
        "day_in_words": "2023-01-01",
        "kind": "date",
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
    # Of days that no reading covers yet.
    {**ROW, "claim_id": "C95", "period_end": "2099-12-31"},
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
    deadliest = (
        "(select strftime(min_by(death_date, row(-confirmed_deaths, death_date)), '%Y%m%d')::double"
        " from marts.deaths_by_day where death_date between date '{}-01-01' and date '{}-12-31')"
    )
    (days,) = project.ask(f"select {deadliest.format(2023, 2023)}, {deadliest.format(2022, 2024)}")
    # The newest reading of a year is the export by week; its weeks are cut at the ends of the year.
    in_year = (
        "(select sum(confirmed_deaths / 7"
        " * (least(span_end, date '{0}-12-31') - greatest(span_start, date '{0}-01-01') + 1))"
        " from intermediate.int_list_readings where reading = 'weekly_export'"
        " and span_start <= date '{0}-12-31' and span_end >= date '{0}-01-01')"
    )
    ((of_2023, of_2024),) = project.ask(f"select {in_year.format(2023)}, {in_year.format(2024)}")
    now = {claim_id: figure for claim_id, _, _, figure, _ in added}
    assert now["C90"] == round(of_2023)
    assert now["C91"] == pytest.approx(of_2024 / of_2023, abs=1e-4)
    assert (now["C92"], now["C92b"], now["C93"], now["C95"]) == (*days, 4168, None)
    assert {claim_id: verdict for claim_id, *_, verdict in added} == {
        "C90": "superseded",
        "C91": "came_true",
        "C92": "reproduced",
        "C92b": "superseded" if days[1] != 20230101 else "reproduced",
        "C93": "reproduced",
        "C95": "input_ends",
    }
    assert added[0][2] == 33117
    ((ends,),) = project.ask("select input_needed_through::varchar from marts.published_claims where claim_id = 'C95'")
    assert ends == "2099-12-31"
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
