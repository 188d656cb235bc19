"""Expected deaths and their track record use nothing from after the day they speak for."""

import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import DBT_PROJECT_DIR
from tests.conftest import Refreshed

# One ordinary vintage, and one in the middle of a run of corrections; what was known then is rebuilt from scratch.
CUT_DATES = ["2024-12-21", "2025-05-13"]
FITS = "select * from {schema}.int_expected_deaths where fit_as_of <= '{day}'"
PACES = "select * from {schema}.int_confirmation_pace where fit_as_of <= '{day}'"
BACKTEST = (
    "select * exclude (fit_as_of, status), fit_as_of, status from {schema}.expected_deaths_backtest"
    " where fit_as_of + horizon_days <= (select last_seen from marts.vintages where as_of = '{day}')"
)


def keep_what_was_known(observations: Path, day: str) -> None:
    """Drop every vintage after the day from the observation tables."""
    for table in ("confirmed_deaths", "confirmed_deaths_vintages"):
        path = observations / f"{table}.parquet"
        kept = path.with_suffix(".kept")
        duckdb.execute(f"copy (from '{path}' where as_of <= '{day}') to '{kept}' (format parquet)")
        kept.replace(path)


def same(stored: object, rebuilt: object) -> bool:
    """Equal, sums of floating point numbers up to the order in which they were added."""
    if isinstance(stored, float) and isinstance(rebuilt, float):
        return math.isclose(stored, rebuilt, rel_tol=1e-9, abs_tol=1e-4)
    return stored == rebuilt


@pytest.mark.parametrize("day", CUT_DATES)
def test_a_fit_is_the_same_without_the_vintages_after_it(refreshed: Refreshed, tmp_path: Path, day: str) -> None:
    data_dir = tmp_path / "data"
    shutil.copytree(refreshed.data_dir / "observations", data_dir / "observations")
    (data_dir / "warehouse").mkdir()
    keep_what_was_known(data_dir / "observations", day)

    result = subprocess.run(
        [
            *(Path(sys.executable).with_name("dbt"), "--no-use-colors", "build"),
            *("--select", "+expected_deaths_backtest", "+vintages"),
            *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
            *("--project-dir", DBT_PROJECT_DIR, "--profiles-dir", DBT_PROJECT_DIR),
            *("--target-path", tmp_path / "target", "--log-path", tmp_path / "logs"),
        ],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env={**os.environ, "WAR_LOSSES_DATA_DIR": str(data_dir)},
    )
    assert result.returncode == 0, result.stdout

    with duckdb.connect() as connection:
        connection.execute(f"attach '{refreshed.data_dir / 'warehouse' / 'war_losses.duckdb'}' as stored (read_only)")
        connection.execute(f"attach '{data_dir / 'warehouse' / 'war_losses.duckdb'}' as rebuilt (read_only)")
        for query, schema in ((PACES, "intermediate"), (FITS, "intermediate"), (BACKTEST, "marts")):
            rows = {}
            for database in ("stored", "rebuilt"):
                connection.execute(f"use {database}.{schema}")
                rows[database] = connection.execute(query.format(schema=schema, day=day) + " order by all").fetchall()
            assert rows["rebuilt"], query
            assert len(rows["stored"]) == len(rows["rebuilt"]), query
            for stored, rebuilt in zip(rows["stored"], rows["rebuilt"], strict=True):
                assert all(map(same, stored, rebuilt)), (query, stored, rebuilt)
