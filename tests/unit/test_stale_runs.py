"""A run without a process is told from one that works, also after a power cut."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.runs.stale_runs import COMMAND_LINE_TAG, end_stale_runs, run_lock
from orchestration.settings import Settings


@dg.job
def some_job() -> None: ...


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, github_api="", github_raw="", github_token=None)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as instance:
        yield instance


def started_run(instance: dg.DagsterInstance, **tags: str) -> str:
    run = instance.create_run_for_job(some_job, tags=tags, status=dg.DagsterRunStatus.STARTED)
    return run.run_id


def status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    return instance.get_run_by_id(run_id).status


def test_a_run_nobody_executes_is_reported_as_failed(instance, settings) -> None:
    run_id = started_run(instance)
    assert end_stale_runs(instance, settings, grace_s=0) == [run_id]
    assert status(instance, run_id) == dg.DagsterRunStatus.FAILURE


def test_a_run_that_holds_its_lock_is_left_alone(instance, settings) -> None:
    run_id = started_run(instance)
    with run_lock(settings, run_id):
        assert end_stale_runs(instance, settings, grace_s=0) == []
    assert status(instance, run_id) == dg.DagsterRunStatus.STARTED


def test_a_killed_process_releases_its_lock(instance, settings) -> None:
    run_id = started_run(instance)
    code = (
        "import sys, time; from filelock import FileLock; lock = FileLock(sys.argv[1]); lock.acquire();"
        " print('held', flush=True); time.sleep(60)"
    )
    lock_path = run_lock(settings, run_id).lock_file
    with subprocess.Popen([sys.executable, "-c", code, lock_path], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        assert end_stale_runs(instance, settings, grace_s=0) == []
        process.kill()
    assert end_stale_runs(instance, settings, grace_s=0) == [run_id]


def test_a_run_on_its_way_to_its_lock_has_time(instance, settings) -> None:
    run_id = started_run(instance)
    assert end_stale_runs(instance, settings, grace_s=60) == []
    # Whoever holds the refresh lock knows that no run of the command line lives beside it, and only that.
    assert end_stale_runs(instance, settings, holds_refresh_lock=True, grace_s=60) == []
    from_command_line = started_run(instance, **dict([COMMAND_LINE_TAG]))
    assert end_stale_runs(instance, settings, holds_refresh_lock=True, grace_s=60) == [from_command_line]
    assert status(instance, run_id) == dg.DagsterRunStatus.STARTED


def test_ended_runs_and_free_locks_are_left_behind_by_nobody(instance, settings) -> None:
    instance.create_run_for_job(some_job, status=dg.DagsterRunStatus.SUCCESS)
    with run_lock(settings, "gone"):
        pass
    locks = settings.data_dir / ".run_locks"
    assert [path.name for path in locks.iterdir()] == ["gone"]
    assert end_stale_runs(instance, settings, grace_s=0) == []
    assert list(locks.iterdir()) == []
