"""A power cut in the middle of a run: afterwards everything starts by itself, and the dead run holds up nobody."""

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest

from orchestration.release.record import verify_release
from tests.conftest import run_war_losses
from tests.e2e.test_ui_guard import Ui, started_ui, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
# A dead run is found a minute after its last word, by a sensor that looks twice a minute; then a refresh is run.
SLOT_FREE_WITHIN_S = 400

LAUNCH = """
    mutation {launchRun(executionParams: {mode: "default", runConfigData: {}, selector: {
        repositoryName: "__repository__", repositoryLocationName: "orchestration.definitions", jobName: "rebuild"
    }}) {... on LaunchRunSuccess {run {runId}} ... on PythonError {message}}}
"""


def launch(ui: Ui) -> str:
    return ui.query(LAUNCH)["launchRun"]["run"]["runId"]


def status(ui: Ui, run_id: str) -> str:
    return ui.query('{runOrError(runId: "%s") {... on Run {status}}}' % run_id)["runOrError"]["status"]  # noqa: UP031


def kill_everything(data_dir: Path) -> None:
    """SIGKILL to every process of the installation, in no order, as if the power went."""
    mark = f"WAR_LOSSES_DATA_DIR={data_dir}".encode()
    for _ in range(3):  # some may be starting others
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    os.kill(int(entry.name), signal.SIGKILL)
        time.sleep(0.2)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds its processes in /proc")
def test_the_stale_run_frees_its_slot(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    published = run_war_losses("refresh", WAR_LOSSES_DATA_DIR=str(data_dir))
    assert published.returncode == 0, published.stderr
    release = data_dir / "published" / "war_losses.duckdb"
    before = release.read_bytes()

    with started_ui(data_dir) as ui:
        cut = launch(ui)
        assert wait_for(lambda: (data_dir / ".run_locks" / cut).exists(), 120)
        kill_everything(data_dir)
        ui.process.wait(60)
    assert release.read_bytes() == before
    verify_release(release.parent)

    with started_ui(data_dir) as ui:
        following = launch(ui)
        assert wait_for(lambda: status(ui, following) in {"SUCCESS", "FAILURE"}, SLOT_FREE_WITHIN_S)
        assert status(ui, following) == "SUCCESS"
        assert status(ui, cut) == "FAILURE"
    assert release.read_bytes() != before
    verify_release(release.parent)
