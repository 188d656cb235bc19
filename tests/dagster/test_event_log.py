"""The event log with its connection kept open: what one process writes, another sees, soon."""

import subprocess
import sys
import threading
from pathlib import Path

import dagster as dg
import pytest

from orchestration.runs.event_log import EventLog

pytestmark = pytest.mark.slow  # starts processes that each load Dagster

WRITE = """
import sys
import dagster as dg
with dg.DagsterInstance.from_config(sys.argv[1]) as instance:
    run = instance.get_run_by_id(sys.argv[2])
    for number in range(3):
        instance.report_engine_event(f"event {number}", run)
"""
# How long a page may be behind a run, in seconds.
SEEN_WITHIN_S = 20


@pytest.fixture
def home(tmp_path: Path, monkeypatch) -> Path:
    from orchestration.refresh import INSTANCE_CONFIG

    (tmp_path / "dagster.yaml").write_bytes(INSTANCE_CONFIG.read_bytes())
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    return tmp_path


@dg.job
def some_job() -> None: ...


def test_another_process_writes_and_a_watcher_is_told(home: Path) -> None:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        run = instance.create_run_for_job(some_job, status=dg.DagsterRunStatus.STARTED)
        seen, enough = [], threading.Event()

        def told(entry, _cursor) -> None:
            seen.append(entry.message)
            if len(seen) == 3:
                enough.set()

        instance.event_log_storage.watch(run.run_id, None, told)
        try:
            subprocess.run([sys.executable, "-c", WRITE, str(home), run.run_id], check=True, timeout=60)
            assert enough.wait(SEEN_WITHIN_S)
        finally:
            instance.event_log_storage.end_watch(run.run_id, told)
        assert seen == ["event 0", "event 1", "event 2"]
        assert [entry.message for entry in instance.all_logs(run.run_id)][-3:] == seen


def test_a_killed_writer_leaves_a_log_that_opens(home: Path) -> None:
    code = WRITE + "    import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    with dg.DagsterInstance.from_config(str(home)) as instance:
        run = instance.create_run_for_job(some_job, status=dg.DagsterRunStatus.STARTED)
    killed = subprocess.run([sys.executable, "-c", code, str(home), run.run_id], check=False, timeout=60)
    assert killed.returncode == -9
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert [entry.message for entry in instance.all_logs(run.run_id)][-3:] == ["event 0", "event 1", "event 2"]
