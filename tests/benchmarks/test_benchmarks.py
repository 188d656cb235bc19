"""The parts of `make bench` that its figures rest on: growth, the watch on memory, queries found, the page."""

import pstats
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from orchestration.settings import DBT_PROJECT_DIR, PROJECT_ROOT, SHIPPED_DIR
from orchestration.sources import TABLES, tables
from orchestration.sources.base import Tables
from orchestration.sources.confirmed_deaths.vintages import Vintage, rebuild
from orchestration.sources.intake.shipped import read_shipped
from tests.benchmarks import growth, queries
from tests.benchmarks.measuring import BenchmarkError, Run, in_turns, median_ratio, run
from tests.benchmarks.page import GrownStep, Line, Measured, Size, render
from tests.benchmarks.profiles import IMPORTING, by_package


@pytest.fixture(scope="module")
def shipped() -> Tables:
    return read_shipped(SHIPPED_DIR)


def list_of(tables: Tables) -> list[Vintage]:
    """Every vintage; this raises where the changes do not add up to them."""
    return rebuild(tables["confirmed_deaths"], tables["confirmed_deaths_vintages"])


def test_a_longer_war_has_so_many_times_the_days_and_vintages(shipped) -> None:
    grown = growth.longer(shipped, times=3)
    for name, table in grown.items():
        tables.to_arrow(TABLES[name], table)
    vintages = list_of(grown)
    assert len(vintages) == 3 * len(shipped["confirmed_deaths_vintages"])
    assert len(vintages[-1].counts) == 3 * len(list_of(shipped)[-1].counts)
    for name in ("claimed_losses", "occupied_area", "probate_estimates", "deaths_by_branch"):
        assert len(grown[name]) == 3 * len(shipped[name]), name


def test_a_longer_war_has_dead_on_every_day_that_is_past(shipped) -> None:
    (first, *_), last = list_of(shipped), list_of(growth.longer(shipped, times=2))[-1]
    assert (last.counts[: len(last.counts) // 2] > 0).all()
    assert first.as_of < last.as_of


def test_made_up_gains_and_losses_explain_the_made_up_levels(shipped) -> None:
    area = growth.longer(shipped, times=3)["occupied_area"]
    assert (area["previous_date"].iloc[1:].to_numpy() == area["area_date"].iloc[:-1].to_numpy()).all()
    unexplained = area["occupied_km2"].diff() - (area["gained_km2"] - area["lost_km2"])
    assert unexplained.abs().max() < 0.01


def test_a_list_issued_more_often_passes_through_the_real_vintages(shipped) -> None:
    real, dense = list_of(shipped), list_of(growth.more_often(shipped, times=5))
    assert len(dense) > 4 * len(real)
    assert np.array_equal(dense[-1].counts, real[-1].counts)
    assert [vintage.as_of for vintage in dense] == sorted({vintage.as_of for vintage in dense})


def test_named_totals_stand_beside_the_vintages_filled_in(shipped) -> None:
    named = pd.read_csv(DBT_PROJECT_DIR / "seeds" / "named_totals.csv", dtype=str, keep_default_na=False)
    grown = growth.more_often(shipped, times=5)
    totals = {vintage.as_of: int(vintage.counts.sum()) for vintage in list_of(grown)}
    for row in growth.named_totals_more_often(named, grown).itertuples():
        in_force = max(as_of for as_of in totals if as_of.isoformat() <= row.as_of)
        assert row.dated_total == totals[in_force] <= int(row.named_total)


def test_recruitment_is_said_by_more_speakers_in_more_years() -> None:
    statements = pd.read_csv(DBT_PROJECT_DIR / "seeds" / "recruitment.csv", dtype=str, keep_default_na=False)
    grown = growth.more_recruitment(statements, spells=2, speakers=3)
    assert len(grown) == 6 * len(statements)
    assert set(grown["period_end"].str[4:]) == set(statements["period_end"].str[4:])
    # What was blank stays blank: an unknown day of publication must not become a date.
    assert (grown["published_on"] == "").sum() == 6 * (statements["published_on"] == "").sum()


def test_a_run_is_timed_and_its_whole_tree_weighed(tmp_path: Path) -> None:
    child = "x = bytearray(200_000_000); import time; time.sleep(0.6)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True); print('done')"
    measured = run([sys.executable, "-c", parent], {}, timeout_s=60, cwd=tmp_path)
    assert measured.output == "done\n"
    assert measured.wall_s >= 0.6
    assert measured.peak_bytes is None or measured.peak_bytes > 200_000_000


@pytest.mark.parametrize(
    ("code", "said"), [("import time; time.sleep(60)", "longer than 1 s"), ("import sys; sys.exit('broken')", "broken")]
)
def test_what_fails_or_hangs_has_no_figure(tmp_path: Path, code: str, said: str) -> None:
    with pytest.raises(BenchmarkError, match=said):
        run([sys.executable, "-c", code], {}, timeout_s=1, cwd=tmp_path)


def test_a_machine_that_slows_down_slows_both_sides_of_a_ratio() -> None:
    pace = iter([1, 1, 2, 2, 8, 8])
    ran = in_turns(3, {"whole": lambda: Run(0, 3 * next(pace), None, ""), "part": lambda: Run(0, next(pace), None, "")})
    assert median_ratio(ran["whole"], ran["part"]) == 3


def test_documented_queries_are_found_and_timed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sql\nselect 1;\n```\n\n```sh\nls\n```\n\n```sql\nfrom counts\n```\n", encoding="utf-8")
    found = queries.documented([page, tmp_path / "absent.md"])
    assert found == {"page.md 1": "select 1;\n", "page.md 2": "from counts\n"}
    with duckdb.connect(str(tmp_path / "file.duckdb")) as connection:
        connection.execute("create table counts as select 1 as n")
    timed = queries.time_queries(tmp_path / "file.duckdb", found, runs=2)
    assert [query.name for query in timed] == list(found)
    assert all(query.warm_ms > 0 and query.cold_ms > 0 for query in timed)


def test_what_is_built_in_counts_where_it_is_called(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "slow"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("import time\ndef pause():\n    time.sleep(0.3)\n", encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(package.parent)!r}); import slow; slow.pause()"
    (tmp_path / "script.py").write_text(code, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "cProfile", "-o", tmp_path / "x", tmp_path / "script.py"], check=True)
    seconds = by_package(pstats.Stats(str(tmp_path / "x")))
    assert next(iter(seconds)) == "slow"
    assert 0.29 < seconds["slow"] < sum(seconds.values())
    assert IMPORTING in seconds


def test_the_page_says_what_holds_and_what_does_not() -> None:
    page = render(
        Measured(
            runs=5,
            machine="2 cores",
            versions="duckdb 1",
            lines=[Line("fast", "1.00 ×", "≤ 2 ×", True), Line("slow", "3.00 ×", "≤ 2 ×", False)],
            spent={"imports": 3.0, "release": 1.0, "pulling": 0.0},
            profile={"pandas": 3.0, "click": 0.96, "rich": 0.03, "yaml": 0.01},
            grown=[GrownStep("grows", 0.1, 2.0, 0.2), GrownStep("stays", 0.1, 0.1, 0.1)],
            queries=[queries.Timed("as-of.md 1", 1.0, 20.0)],
            sizes=[Size("published DuckDB file", "6.0 MB")],
        )
    )
    assert "| fast | 1.00 × | ≤ 2 × | yes |" in page
    assert "| slow | 3.00 × | ≤ 2 × | **no** |" in page
    assert "| imports | 3.00 | 75% |" in page
    assert "| pulling" not in page
    assert "| pandas | 3.00 | 75% |" in page
    assert "| 2 others | 0.04 | 1% |" in page
    assert "| rich" not in page
    assert "| grows | 0.10 | 2.00 | 0.20 |" in page
    assert "| stays" not in page
    assert str(PROJECT_ROOT) not in page
