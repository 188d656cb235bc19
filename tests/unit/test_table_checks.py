"""Every check of schema, rows and age turns red on the fault it is for; errors are green on the shipped figures."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from orchestration.settings import SHIPPED_DIR
from orchestration.sources import TABLES, tables
from orchestration.sources.checks import Measurement, Outcome
from orchestration.sources.intake.shipped import read_row_counts, read_shipped
from orchestration.sources.intake.table_checks import observation_checks

CHECKS = {check.name: check for check in observation_checks()}
SHIPPED = read_shipped(SHIPPED_DIR)


@pytest.fixture
def measurement(tmp_path: Path) -> Measurement:
    """The shipped figures as observation tables, on the day after the newest of them."""
    tables.write_tables(tmp_path, TABLES.values(), SHIPPED)
    return Measurement(tmp_path, read_row_counts(SHIPPED_DIR), date(2026, 5, 23))


def measure(name: str, measurement: Measurement) -> Outcome:
    return CHECKS[name].measure(measurement)


def rewrite(measurement: Measurement, table: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Change a table on disk without the writer's own guards."""
    path = measurement.table_path(table)
    frame = change(pd.read_parquet(path))
    schema = TABLES[table].schema
    pq.write_table(pq.read_table(path).from_pandas(frame, schema=schema, preserve_index=False), path)


def test_errors_are_green_on_the_shipped_figures(measurement: Measurement) -> None:
    red = {name: check.measure(measurement) for name, check in CHECKS.items() if check.severity == "error"}
    assert {name: outcome.measured for name, outcome in red.items() if not outcome.passed} == {}


def test_a_column_of_another_type_is_named(measurement: Measurement) -> None:
    path = measurement.table_path("claimed_losses")
    frame = pd.read_parquet(path).assign(claimed_losses_cum=lambda t: t["claimed_losses_cum"].astype(float))
    frame.to_parquet(path, index=False)
    outcome = measure("claimed_losses_schema", measurement)
    assert not outcome.passed
    assert "claimed_losses_cum" in outcome.measured


@pytest.mark.parametrize(("kept", "passed"), [(1.0, True), (0.995, True), (0.98, False), (0.0, False)])
def test_lost_rows_are_an_error(measurement: Measurement, kept: float, passed: bool) -> None:
    rewrite(measurement, "claimed_losses", lambda t: t.iloc[: int(len(t) * kept)])
    assert measure("claimed_losses_row_count", measurement).passed is passed


@pytest.mark.parametrize(("days", "passed"), [(3, True), (4, False)])
def test_age_of_the_data_against_its_rhythm(measurement: Measurement, days: int, passed: bool) -> None:
    newest = SHIPPED["claimed_losses"]["report_date"].max().date()
    aged = Measurement(measurement.observations_dir, measurement.shipped_rows, newest + timedelta(days=days))
    outcome = measure("claimed_losses_fresh", aged)
    assert outcome.passed is passed
    assert str(newest) in outcome.measured


def test_an_empty_table_has_no_age(measurement: Measurement) -> None:
    rewrite(measurement, "occupied_area", lambda table: table.iloc[:0])
    outcome = measure("occupied_area_fresh", measurement)
    assert (outcome.passed, outcome.measured) == (False, "no rows")


@pytest.mark.parametrize(
    ("pulled_after", "age", "passed", "is_alarm"),
    [
        (21, 21, True, False),
        (22, 22, False, False),
        (35, 35, False, False),
        (36, 36, False, True),
        # Nobody asked for a year, so nobody can say that nothing new came.
        (None, 365, False, False),
        (30, 365, False, False),
        (360, 365, False, True),
    ],
)
def test_a_list_that_has_stopped_is_an_alarm(
    measurement: Measurement, pulled_after: int | None, age: int, passed: bool, is_alarm: bool
) -> None:
    newest = SHIPPED["confirmed_deaths_vintages"]["as_of"].max().date()
    pulled_on = {} if pulled_after is None else {"confirmed_deaths": newest + timedelta(days=pulled_after)}
    aged = Measurement(
        measurement.observations_dir, measurement.shipped_rows, newest + timedelta(days=age), pulled_on=pulled_on
    )
    outcome = measure("confirmed_deaths_fresh", aged)
    assert (outcome.passed, outcome.is_alarm) == (passed, is_alarm)
    assert f"{age} days since {newest}" in outcome.measured
    assert CHECKS["confirmed_deaths_fresh"].severity == "warn"  # it stops no release


def test_a_closed_series_is_never_late() -> None:
    assert "occupied_area_2022_23_fresh" not in CHECKS


def test_every_check_says_why() -> None:
    for check in CHECKS.values():
        assert len(check.meaning.split()) > 5
        assert check.threshold
    assert len(CHECKS) == len(observation_checks())


def test_a_new_category_is_flagged_in_words(measurement: Measurement) -> None:
    assert measure("categories_known", measurement).passed
    newest = SHIPPED["claimed_losses"]["report_date"].max()
    row = {"report_date": newest, "category": "unmanned_boats", "claimed_losses_cum": 3, "correction": 0}
    rewrite(measurement, "claimed_losses", lambda t: pd.concat([t, pd.DataFrame([row])], ignore_index=True))
    outcome = measure("categories_known", measurement)
    assert (outcome.passed, outcome.measured) == (False, f"new: unmanned boats since {newest.date()}")
