"""A list that goes on through a year in which nobody died: the figures are zero, and nothing breaks."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from orchestration.sources.base import Tables
from orchestration.sources.confirmed_deaths.parse import FIRST_DAY
from orchestration.sources.confirmed_deaths.vintages import Vintage, rebuild, to_tables
from tests.benchmarks.installation import install

# The list goes on until a year of the calendar has begun in which nobody died, and its first weeks are 13 weeks old.
WEEKS_OLD = timedelta(weeks=13 + 3)
# Names of earlier deaths go on being added: so many a day of the last year of fighting with each vintage.
NAMES_A_DAY, LAST_DAYS = 2, 365


def quiet_year(shipped: Tables) -> Tables:
    """The shipped list, then a vintage a fortnight with no deaths after its last day."""
    vintages = rebuild(shipped["confirmed_deaths"], shipped["confirmed_deaths_vintages"])
    last = vintages[-1]
    until = date(last.last_seen.year + 1, 1, 1) + WEEKS_OLD
    for fortnight in range(1, (until - last.last_seen).days // 14 + 1):
        as_of = last.last_seen + timedelta(days=14 * fortnight)
        counts = np.zeros((as_of - FIRST_DAY).days, dtype="int64")
        counts[: len(last.counts)] = last.counts
        counts[len(last.counts) - LAST_DAYS : len(last.counts)] += NAMES_A_DAY * fortnight
        vintages.append(Vintage(as_of, as_of + timedelta(days=13), counts))
    return {**shipped, **to_tables(vintages)}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    installation = install(tmp_path_factory.mktemp("quiet"), quiet_year)
    installation.refresh()
    return installation.published


@pytest.fixture(scope="module")
def published(release: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(release / "war_losses.duckdb"), read_only=True) as connection:
        yield connection


def test_quiet_weeks_are_zero_and_expected_to_stay_so(published: duckdb.DuckDBPyConnection) -> None:
    (last_death,) = published.execute("select max(death_date) from deaths_by_day where confirmed_deaths > 0").fetchone()
    quiet = published.execute(
        "select confirmed_deaths, expected_deaths_6m, expected_low, expected_high, completeness from deaths_by_week"
        " where week_start > ? and age_days >= 91",
        [last_death],
    ).fetchall()
    assert len(quiet) > 30
    assert set(quiet) == {(0, 0.0, 0.0, 0.0, None)}


def test_weeks_of_fighting_before_still_grow(published: duckdb.DuckDBPyConnection) -> None:
    grown = published.execute(
        "select count(*), count(*) filter (expected_deaths_6m > confirmed_deaths) from deaths_by_week"
        " where age_days between 380 and 600 and confirmed_deaths > 0"
    ).fetchone()
    assert grown[0] == grown[1] > 20


def test_what_divides_by_nothing_is_null(published: duckdb.DuckDBPyConnection) -> None:
    assert published.execute(
        "select bool_and(variation is null and lowest_8_weeks_over_mean is null), count(*) > 0 from waves_by_year"
        " where mean_confirmed_deaths = 0"
    ).fetchone() == (True, True)
    assert published.execute(
        "select bool_and(wape_expected is null), count(*) > 0 from expected_deaths_backtest where outcome_deaths = 0"
    ).fetchone() == (True, True)


def test_the_page_says_that_the_weeks_are_quiet(release: Path) -> None:
    assert "the list shows no deaths, and at its pace" in (release / "report" / "index.html").read_text(
        encoding="utf-8"
    )


def test_no_check_fails_for_want_of_deaths(published: duckdb.DuckDBPyConnection) -> None:
    failed = published.execute("select check_name from quality_checks where not passed").fetchall()
    about_age = {name for (name,) in failed if name.endswith("_fresh")}
    assert {name for (name,) in failed} - about_age == {"claimed_falls_are_announced"}
