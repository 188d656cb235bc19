"""A red check of severity error stops what is built on its table and the release, whoever performs it."""

from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from orchestration.sources.base import Source
from orchestration.sources.intake import assembly, shipped


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance):
    """Rebuild everything in a data directory of its own; returns the result of the run."""
    from orchestration.definitions import defs

    monkeypatch.setenv("WAR_LOSSES_DATA_DIR", str(tmp_path / "data"))

    def rebuild() -> dg.ExecuteInProcessResult:
        job = defs.resolve_job_def("rebuild")
        return job.execute_in_process(instance=instance, raise_on_error=False)

    return rebuild


def red(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    """Failed checks of severity error."""
    return {
        check.check_name: check
        for check in result.get_asset_check_evaluations()
        if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR
    }


def built(result: dg.ExecuteInProcessResult) -> set[str]:
    return {event.asset_key.to_user_string() for event in result.get_asset_materialization_events()}


def test_dbt_does_not_start_on_a_table_that_lost_rows(run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a table that dbt tests too: a step is exempt from the other checks of what it checks itself."""
    counted = shipped.read_row_counts
    monkeypatch.setattr(shipped, "read_row_counts", lambda folder: counted(folder) | {"confirmed_deaths": 10**9})
    result = run()
    assert not result.success
    assert red(result).keys() == {"confirmed_deaths_row_count"}
    assert {key.split("/")[0] for key in built(result)} == {"observations"}


@pytest.mark.slow
def test_a_source_that_fails_its_test_is_not_built_on(run, monkeypatch: pytest.MonkeyPatch) -> None:
    assemble = assembly.assemble

    def with_a_lost_oblast(source: Source, archive, figures):
        result = assemble(source, archive, figures)
        if source.name == "occupied_area":
            area: pd.DataFrame = result.tables["occupied_area"]
            area.loc[area.index[-1], "occupied_km2"] = 1000.0
        return result

    monkeypatch.setattr(assembly, "assemble", with_a_lost_oblast)
    result = run()
    assert not result.success
    checks = red(result)
    assert checks.keys() == {"area_within_bounds", "area_differences_agree"}
    bounds = checks["area_within_bounds"]
    assert bounds.asset_key == dg.AssetKey(["observations", "occupied_area"])
    assert bounds.metadata["measured"].value.startswith("1 failing row: area_date=")
    assert bounds.metadata["measured"].value.endswith("occupied_km2=1000.0")
    assert bounds.metadata["threshold"].value.startswith("90,000 to 150,000 km²")
    assert {
        "staging/stg_deepstate__occupied_area",
        "marts/occupied_area_by_day",
        "marts/losses_per_km2",
    }.isdisjoint(built(result))
    assert not any(key.startswith("release/") for key in built(result))


@pytest.mark.slow
def test_a_shrunken_list_is_not_built_on(run, monkeypatch: pytest.MonkeyPatch) -> None:
    assemble = assembly.assemble

    def with_names_lost(source: Source, archive, figures):
        result = assemble(source, archive, figures)
        if source.name == "confirmed_deaths":
            changes: pd.DataFrame = result.tables["confirmed_deaths"]
            newest = changes["as_of"] == changes["as_of"].max()
            changes.loc[changes.index[newest][-1], "change"] -= 5000
        return result

    monkeypatch.setattr(assembly, "assemble", with_names_lost)
    result = run()
    assert {"decreases_bounded", "vintages_sum_to_total"} <= red(result).keys()
    assert {"intermediate/int_confirmed_deaths_by_vintage", "marts/deaths_by_week"}.isdisjoint(built(result))
    assert not any(key.startswith("release/") for key in built(result))
