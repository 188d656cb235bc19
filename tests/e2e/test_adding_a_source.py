"""The page on adding a source: its files, put into a copy of the project and nothing else, make a source that works."""

import re
from pathlib import Path

import duckdb
import pytest

from tests.benchmarks.installation import Installation, install
from tests.benchmarks.measuring import BenchmarkError
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
FILES = re.compile(r"^`(?P<path>[\w/.]+)`\n\n```(?:python|sql|yaml)\n(?P<content>.*?)```$", re.MULTILINE | re.DOTALL)
COUNTS = "month,obituaries\n2024-01-01,12\n2024-02-01,15\n"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    installation = install(tmp_path_factory.mktemp("adding"))
    for file in FILES.finditer(PAGE):
        location = installation.code / file["path"]
        location.parent.mkdir(parents=True, exist_ok=True)
        location.write_text(file["content"], encoding="utf-8")
    return installation


def asked(installation: Installation, sql: str) -> list[tuple]:
    with duckdb.connect(str(installation.published / "war_losses.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_every_file_of_the_page_is_found() -> None:
    assert len(list(FILES.finditer(PAGE))) == PAGE.count("```") // 2


@pytest.mark.trial  # a refresh more
def test_a_source_without_figures_stops_nothing(installation: Installation) -> None:
    installation.refresh()
    status = "select origin, row_count, last_observation from source_status where source = 'obituary_counts'"
    assert asked(installation, status) == [("embedded", 0, None)]


def test_a_file_of_it_is_read_judged_modelled_and_checked(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    add = ("war-losses", "add", file, "--source", "obituary_counts", "--as-of", "2024-02-01")
    file.write_text(COUNTS.replace(",15", ",fifteen"))
    with pytest.raises(BenchmarkError, match=r"line 3, column 'obituaries': 'fifteen' is not"):
        installation.command(*add)
    file.write_text(COUNTS)
    installation.command(*add)
    installation.refresh()
    assert asked(installation, "select title, row_count from source_status where source = 'obituary_counts'") == [
        ("Obituaries counted by month", 2)
    ]
    checks = {
        name
        for (name,) in asked(installation, "select check_name from quality_checks where asset like '%obituary_counts'")
    }
    assert checks == {
        "pulled", "parsed", "obituary_counts_schema", "obituary_counts_row_count", "obituary_counts_fresh",
        "obituary_counts_month_once",
    } - {"pulled"}  # fmt: skip
    with duckdb.connect(str(installation.data / "warehouse" / "war_losses.duckdb"), read_only=True) as warehouse:
        assert warehouse.execute("select sum(obituaries) from staging.stg_obituary_counts").fetchone() == (27,)
    file.write_text(COUNTS.replace("2024-01-01,12\n", ""))
    with pytest.raises(BenchmarkError, match="rows lost: 1 months known before are gone"):
        installation.command(*add)
