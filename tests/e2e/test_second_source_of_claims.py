"""The first source of the claims stands still and the second goes on: what an analyst then reads, and is told."""

import json
import os
from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest

from orchestration.sources.intake.archive import Archive, blob_sha
from orchestration.sources.intake.shipped import read_shipped
from tests.conftest import ROOT, run_war_losses

# A refresh of its own; the switch itself is tried row by row in the unit tests of int_claimed_losses_*.
pytestmark = [pytest.mark.trial, pytest.mark.timeout(900)]

SHIPPED = read_shipped(ROOT / "data" / "embedded", ["claimed_losses", "claimed_losses_second"])
FIRST_THROUGH = SHIPPED["claimed_losses"]["report_date"].max().date()
AHEAD_DAYS, MISSING = 8, 3
DIFFERS_ON = "2025-05-05"


def second_source(through: date) -> bytes:
    """The shipped second source as a file, going on to a day; it stands three helicopters lower than the first."""
    wide = SHIPPED["claimed_losses_second"].pivot(index="report_date", columns="category", values="claimed_losses_cum")
    wide.loc[DIFFERS_ON, "personnel"] += 700
    wide.loc[wide.index >= pd.Timestamp(FIRST_THROUGH - timedelta(days=20)), "rotary_wing_aircraft"] -= 3
    last = wide.iloc[-1].copy()
    wide["ground_robots"] = None
    for ahead in range(1, (through - FIRST_THROUGH).days + 1):
        if ahead != MISSING:
            later = last + pd.Series({"personnel": 1000 * ahead, "tanks": 5 * ahead}).reindex(last.index, fill_value=0)
            wide.loc[pd.Timestamp(FIRST_THROUGH + timedelta(days=ahead))] = {**later, "ground_robots": 7}
    return json.dumps(
        [
            {"date": f"{day:%Y-%m-%d}", "sourceUri": f"https://example.org/{day:%Y-%m-%d}"}
            | {_camel(name): None if pd.isna(figure) else int(figure) for name, figure in row.items()}
            for day, row in wide.iloc[::-1].iterrows()
        ]
    ).encode()


def _camel(category: str) -> str:
    first, *others = category.split("_")
    return first + "".join(map(str.title, others))


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory):
    """SQL on the release of a night on which the second source is ahead."""
    data_dir = tmp_path_factory.mktemp("second") / "data"
    content = second_source(FIRST_THROUGH + timedelta(days=AHEAD_DAYS))
    Archive(data_dir / "raw").store("claimed_losses_second", "russian-losses.json", content, blob_sha(content))
    refreshed = run_war_losses("refresh", WAR_LOSSES_DATA_DIR=os.fspath(data_dir))
    assert refreshed.returncode == 0, refreshed.stdout + refreshed.stderr

    def run(sql: str) -> list[tuple]:
        with duckdb.connect(os.fspath(data_dir / "published" / "war_losses.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    return run


def test_later_days_come_from_the_second_and_say_so(ask) -> None:
    (before,) = ask(
        f"select claimed_casualties_cum, source from claimed_casualties_by_day where report_date = '{FIRST_THROUGH}'"
    )
    assert before[1] == "claimed_losses"
    later = ask(
        f"select report_date - date '{FIRST_THROUGH}', claimed_casualties, claimed_casualties_cum - {before[0]},"
        f" source, level_offset from claimed_casualties_by_day where report_date > '{FIRST_THROUGH}' order by 1"
    )
    assert later == [
        # The day that the second source lacks stays missing; the change after it is that of two days.
        (ahead, 2000 if ahead == MISSING + 1 else 1000, 1000 * ahead, "claimed_losses_second", 0)
        for ahead in range(1, AHEAD_DAYS + 1)
        if ahead != MISSING
    ]


def test_a_category_that_stands_lower_in_the_second_does_not_fall(ask) -> None:
    weeks = ask(
        "select claimed_losses, source from equipment_losses_by_week where category = 'helicopter'"
        f" and week_start >= '{FIRST_THROUGH}'::date - 20 order by week_start"
    )
    assert all(change >= 0 for change, _ in weeks)
    assert weeks[-1][1] == "claimed_losses_second"


def test_the_switch_and_its_limits_are_told(ask) -> None:
    notes = dict(ask("select source, note from source_status"))
    assert notes["claimed_losses"].endswith(
        f"Stands still: later reports are those of claimed_losses_second, from {FIRST_THROUGH + timedelta(days=1)} on."
    )
    assert f"In use for the reports after {FIRST_THROUGH}" in notes["claimed_losses_second"]
    checks = dict(ask("select check_name, measured from quality_checks where not passed"))
    assert f"first_through={FIRST_THROUGH}" in checks["claimed_losses_come_from_first_source"]
    assert "ground_robots" in checks["claimed_losses_second_categories_mapped"]
    assert ask("select * from equipment_losses_by_week where category like '%robots%'") == []


def test_differences_are_named_and_kept(ask) -> None:
    (measured,) = ask("select measured from quality_checks where check_name = 'claimed_losses_sources_agree'")[0]
    assert "22 new differences" in measured
    assert "helicopter" in measured
    rows = ask(
        "select difference, source_url from claimed_losses_differences where category = 'personnel'"
        f" and report_date = '{DIFFERS_ON}'"
    )
    assert rows == [(700, f"https://example.org/{DIFFERS_ON}")]


def test_the_toll_names_the_source_of_the_newest_claim(ask) -> None:
    rows = ask("select as_of, source_url from toll_estimates where method = 'daily reports, killed and wounded'")
    assert rows == [(FIRST_THROUGH + timedelta(days=AHEAD_DAYS), "https://github.com/lod-db/orc-losses")]
