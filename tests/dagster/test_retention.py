"""Old runs go with all they left; what the UI and the release still read stays."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration.runs import retention
from orchestration.runs.retention import KEEP_DAYS, delete_old_runs

LATER = timedelta(days=KEEP_DAYS + 1)


@dg.asset(check_specs=[dg.AssetCheckSpec("sound", asset="daily")])
def daily() -> dg.MaterializeResult:
    """Every night."""
    return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=True)])


@dg.asset
def once() -> None:
    """A series that was closed."""


@dg.asset_check(asset="daily")
def looked_at_once() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


CHECKS = [dg.AssetCheckKey(dg.AssetKey("daily"), name) for name in ("sound", "looked_at_once")]


@pytest.fixture
def run(instance: dg.DagsterInstance) -> Callable[..., str]:
    job_of = {
        name: dg.Definitions(
            assets=[daily, once], asset_checks=[looked_at_once], jobs=[dg.define_asset_job(name, selection=selection)]
        ).resolve_job_def(name)
        for name, selection in {
            "nightly": dg.AssetSelection.assets("daily") - dg.AssetSelection.checks(looked_at_once),
            "closed": dg.AssetSelection.assets("once"),
            "look": dg.AssetSelection.checks(looked_at_once),
        }.items()
    }
    return lambda name: job_of[name].execute_in_process(instance=instance).run_id


@pytest.fixture
def keep_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "KEEP_NEWEST", 1)


def logs_of(instance: dg.DagsterInstance, run_id: str) -> Path:
    return Path(instance.root_directory) / "storage" / run_id


def test_young_runs_stay(instance, run, keep_newest) -> None:
    runs = [run("nightly") for _ in range(3)]
    assert delete_old_runs(instance, CHECKS, datetime.now(UTC) + timedelta(days=KEEP_DAYS - 1)) == []
    assert set(instance.get_run_ids()) == set(runs)


def test_old_runs_go_except_what_is_the_latest_of_something(instance, run, keep_newest) -> None:
    closed, look, first, second, last, newest = map(run, ["closed", "look", *["nightly"] * 3, "nightly"])
    assert delete_old_runs(instance, CHECKS, datetime.now(UTC) + LATER) == [first, second, last]
    assert set(instance.get_run_ids()) == {closed, look, newest}
    latest = instance.get_latest_materialization_events([dg.AssetKey("daily"), dg.AssetKey("once")])
    assert all(latest.values())
    found = instance.event_log_storage.get_latest_asset_check_execution_by_key(CHECKS)
    assert {key.name: record.run_id for key, record in found.items()} == {"sound": newest, "looked_at_once": look}


def test_the_newest_runs_stay_however_old(instance, run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "KEEP_NEWEST", 2)
    first, second, third = (run("nightly") for _ in range(3))
    assert delete_old_runs(instance, CHECKS, datetime.now(UTC) + LATER) == [first]
    assert set(instance.get_run_ids()) == {second, third}


def test_a_deleted_run_leaves_nothing(instance, run, keep_newest) -> None:
    old, _ = run("nightly"), run("nightly")
    logs_of(instance, old).mkdir(parents=True, exist_ok=True)
    (logs_of(instance, old) / "step.out").write_text("printed")
    assert delete_old_runs(instance, CHECKS, datetime.now(UTC) + LATER) == [old]
    assert instance.all_logs(old) == []
    assert not logs_of(instance, old).exists()
    history = instance.event_log_storage.get_asset_check_execution_history(CHECKS[0], limit=10)
    assert old not in {record.run_id for record in history}
    assert len(history) == 1


def test_runs_that_have_not_ended_stay_however_old(instance, run, keep_newest) -> None:
    @dg.job
    def hanging() -> None: ...

    waiting = instance.create_run_for_job(hanging, status=dg.DagsterRunStatus.NOT_STARTED).run_id
    working = instance.create_run_for_job(hanging, status=dg.DagsterRunStatus.STARTED).run_id
    run("nightly")
    assert delete_old_runs(instance, CHECKS, datetime.now(UTC) + LATER) == []
    assert {waiting, working} <= set(instance.get_run_ids())


def test_the_rest_goes_the_next_time(instance, run, keep_newest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST_AT_ONCE", 2)
    runs = [run("nightly") for _ in range(4)]
    assert delete_old_runs(instance, CHECKS, datetime.now(UTC) + LATER) == runs[:2]
    assert delete_old_runs(instance, CHECKS, datetime.now(UTC) + LATER) == runs[2:3]
