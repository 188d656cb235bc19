"""Expected deaths and their track record use nothing from after the day they speak for."""

import math
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Refreshed
from tests.running_dbt import run_dbt

# An ordinary vintage, and a break in the middle of a run of corrections, which was reviewed long after; what was known
# then is rebuilt from scratch. Whether the expected figures of the day were frozen:
CUT_DATES = {"2024-12-21": False, "2025-05-13": True}
FITS = "select * from {schema}.int_expected_deaths where fit_as_of <= '{day}'"
PACES = "select * from {schema}.int_confirmation_pace where fit_as_of <= '{day}'"
HISTORY = "select * from {schema}.expected_deaths_history where as_of <= '{day}'"
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


def rebuild(data_dir: Path, day: str, logs: Path) -> None:
    """Build the marts from what was known on the day: without later vintages, and without later reviews of breaks."""

    def dbt(*arguments: str) -> None:
        result = run_dbt(*arguments, scratch=logs, data_dir=data_dir)
        assert result.returncode == 0, result.stdout

    (data_dir / "warehouse").mkdir()
    keep_what_was_known(data_dir / "observations", day)
    dbt("seed")
    with duckdb.connect(str(data_dir / "warehouse" / "war_losses.duckdb")) as connection:
        connection.execute("delete from seeds.break_reviews where reviewed_on > ?", [day])
    wanted = ("expected_deaths_backtest", "expected_deaths_history", "deaths_by_week", "vintages")
    dbt("run", "--select", *(f"+{model}" for model in wanted))


@pytest.mark.parametrize("day", CUT_DATES)
def test_a_fit_is_the_same_without_the_vintages_after_it(refreshed: Refreshed, tmp_path: Path, day: str) -> None:
    data_dir = tmp_path / "data"
    shutil.copytree(refreshed.data_dir / "observations", data_dir / "observations")
    rebuild(data_dir, day, tmp_path)

    with duckdb.connect() as connection:
        connection.execute(f"attach '{refreshed.data_dir / 'warehouse' / 'war_losses.duckdb'}' as stored (read_only)")
        connection.execute(f"attach '{data_dir / 'warehouse' / 'war_losses.duckdb'}' as rebuilt (read_only)")
        for query, schema in (
            (PACES, "intermediate"),
            (FITS, "intermediate"),
            (HISTORY, "marts"),
            (BACKTEST, "marts"),
        ):
            rows = {}
            for database in ("stored", "rebuilt"):
                connection.execute(f"use {database}.{schema}")
                rows[database] = connection.execute(query.format(schema=schema, day=day) + " order by all").fetchall()
            assert rows["rebuilt"], query
            assert len(rows["stored"]) == len(rows["rebuilt"]), query
            for stored, rebuilt in zip(rows["stored"], rows["rebuilt"], strict=True):
                assert all(map(same, stored, rebuilt)), (query, stored, rebuilt)

        # On its own day a break is frozen, week by week: the figures are there and say so.
        expected = connection.execute(
            "select distinct status = 'frozen' from rebuilt.marts.deaths_by_week where expected_deaths_6m is not null"
        ).fetchall()
        assert expected == [(CUT_DATES[day],)]


def test_as_of_queries_say_what_was_expected_then(published: duckdb.DuckDBPyConnection) -> None:
    """The newest vintage gives the rows of deaths_by_week; no week under 91 days has an expected figure, ever."""
    columns = (
        "week_start, as_of, age_days, confirmed_deaths, expected_deaths_6m, expected_low, expected_high, completeness,"
        " status"
    )
    newest = published.execute(f"select {columns} from deaths_by_week order by week_start").fetchall()
    assert published.execute(f"select {columns} from deaths_by_week_as_of('9999-12-31')").fetchall() == newest
    for (as_of,) in published.execute("select as_of from vintages").fetchall():
        young, out_of_order, unlabelled = published.execute(
            "select count(*) filter (age_days < 91 and expected_deaths_6m is not null),"
            " count(*) filter (round(confirmed_deaths - expected_deaths_6m, 1) > 0),"
            " count(*) filter ((expected_deaths_6m is null) <> (status = 'reported_only'))"
            " from deaths_by_week_as_of(?)",
            [as_of],
        ).fetchone()
        assert (young, out_of_order, unlabelled) == (0, 0, 0), as_of
