"""What the project's dagster.yaml makes of an instance: retries, time limits, retention, no telemetry."""

import os

import dagster as dg
import pytest
import yaml
from dagster._core.definitions.run_request import InstigatorType
from dagster._daemon.auto_run_reexecution.auto_run_reexecution import should_retry

from orchestration.refresh import prepare
from orchestration.settings import DBT_PROJECT_DIR, load_settings


@dg.asset
def refuses() -> None:
    """Data that cannot be right."""
    raise dg.Failure("a figure is impossible")


@dg.asset
def figures() -> None: ...


@dg.asset_check(asset=figures, blocking=True)
def red() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False)


@pytest.mark.parametrize("found_wrong", [[refuses], [figures, red]], ids=["a failed step", "a red check"])
def test_a_run_that_failed_on_its_data_is_not_retried(instance, found_wrong) -> None:
    defs = dg.Definitions(
        assets=[d for d in found_wrong if not isinstance(d, dg.AssetChecksDefinition)],
        asset_checks=[d for d in found_wrong if isinstance(d, dg.AssetChecksDefinition)],
    )
    result = defs.resolve_implicit_global_asset_job_def().execute_in_process(instance=instance, raise_on_error=False)
    run = instance.get_run_by_id(result.run_id)
    assert run.status == dg.DagsterRunStatus.FAILURE
    assert not should_retry(run, instance)


def test_a_run_whose_process_was_lost_is_retried_twice(instance) -> None:
    @dg.job
    def lost() -> None: ...

    def lose(retried: dg.DagsterRun | None = None) -> dg.DagsterRun:
        lineage = {}
        if retried:
            lineage = {"root_run_id": retried.run_id, "parent_run_id": retried.run_id}
            lineage["tags"] = {f"dagster/{name}": run_id for name, run_id in lineage.items()}
        run = instance.create_run_for_job(lost, status=dg.DagsterRunStatus.STARTED, **lineage)
        instance.report_run_failed(run, "Its process ended without a word.")
        return instance.get_run_by_id(run.run_id)

    first = lose()
    assert should_retry(first, instance)
    assert should_retry(lose(first), instance)
    assert not should_retry(lose(first), instance)


def test_a_retry_runs_everything_again() -> None:
    from orchestration.definitions import defs

    for name in ("nightly_refresh", "rebuild"):
        tags = defs.resolve_job_def(name).tags
        assert tags["dagster/retry_strategy"] == "ALL_STEPS"
        assert 0 < int(tags["dagster/max_runtime"]) <= 24 * 3600


def test_runs_that_hang_are_given_up(instance) -> None:
    assert instance.run_monitoring_enabled
    assert 0 < instance.run_monitoring_start_timeout_seconds <= 600
    assert 0 < instance.run_monitoring_max_runtime_seconds <= 24 * 3600


def test_ticks_are_purged(instance) -> None:
    for kind in (
        InstigatorType.SCHEDULE,
        InstigatorType.SENSOR,
    ):
        days = instance.get_tick_retention_settings(kind).values()
        assert all(0 < day <= 60 for day in days), kind


def test_everything_that_keeps_watch_runs_from_the_start() -> None:
    from orchestration.definitions import defs

    sensors = {sensor.name: sensor.default_status for sensor in defs.sensors}
    assert {"messages_of_failed_runs", "messages_of_red_checks", "old_runs", "stale_runs"} <= set(sensors)
    assert set(sensors.values()) == {dg.DefaultSensorStatus.RUNNING}


def test_sources_have_a_freshness_policy_by_their_rhythm() -> None:
    from orchestration.definitions import defs
    from orchestration.sources import SOURCES

    graph = defs.resolve_asset_graph()
    for source in SOURCES.values():
        policy = graph.get(dg.AssetKey(["raw", source.name])).freshness_policy
        window = policy.fail_window.to_timedelta().days if policy else None
        assert window == source.cadence_days, source.name


def test_nobody_is_told_that_the_project_is_used(instance, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not instance.telemetry_enabled
    assert not instance.nux_enabled
    flags = yaml.safe_load((DBT_PROJECT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))["flags"]
    assert flags["send_anonymous_usage_stats"] is False
    monkeypatch.delenv("DO_NOT_TRACK")
    prepare(load_settings())
    assert os.environ["DO_NOT_TRACK"] == "1"
