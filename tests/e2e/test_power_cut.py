"""A power cut in the middle of a run: afterwards everything starts by itself, and the dead run holds up nobody."""

import shutil
from pathlib import Path

import pytest

from orchestration.release.record import verify_release
from tests.conftest import Refreshed
from tests.running_ui import kill_everything, started_ui, wait_for

pytestmark = pytest.mark.timeout(900)
# A dead run is found a minute after its last word, by a sensor that looks twice a minute; then a refresh is run.
SLOT_FREE_WITHIN_S = 400


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds its processes in /proc")
def test_the_stale_run_frees_its_slot(refreshed: Refreshed, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    shutil.copytree(refreshed.data_dir, data_dir, symlinks=True, ignore=shutil.ignore_patterns("*.lock", ".run_locks"))
    release = data_dir / "published" / "war_losses.duckdb"
    before = release.read_bytes()

    with started_ui(data_dir) as ui:
        cut = ui.launch()
        assert wait_for(lambda: (data_dir / ".run_locks" / cut).exists(), 120)
        kill_everything(data_dir)
        ui.process.wait(60)
    assert release.read_bytes() == before
    verify_release(release.parent)

    with started_ui(data_dir) as ui:
        following = ui.launch()
        assert wait_for(lambda: ui.run_status(following) in {"SUCCESS", "FAILURE"}, SLOT_FREE_WITHIN_S)
        assert ui.run_status(following) == "SUCCESS"
        assert ui.run_status(cut) == "FAILURE"
    assert release.read_bytes() != before
    verify_release(release.parent)
