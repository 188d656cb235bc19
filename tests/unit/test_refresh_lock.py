"""The second refresh waits, or says why it stops."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from orchestration.runs.refresh_lock import RefreshLockedError, refresh_lock
from orchestration.settings import Settings

HOLD = """
import sys, time
from pathlib import Path
from orchestration.runs.refresh_lock import refresh_lock
from orchestration.settings import Settings
with refresh_lock(Settings(Path(sys.argv[1]), "", "", None), print):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", github_api="", github_raw="", github_token=None)


@pytest.fixture
def holder(settings: Settings):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_second_stops_with_a_clear_word(settings, holder) -> None:
    told = []
    with (
        pytest.raises(RefreshLockedError, match="Another refresh has held"),
        refresh_lock(settings, told.append, timeout_s=0.2),
    ):
        pytest.fail("two at once")
    assert len(told) == 1
    assert "waiting for it to end" in told[0]


def test_the_second_goes_on_when_the_first_ends(settings, holder) -> None:
    threading.Timer(0.5, holder.stdin.close).start()
    with refresh_lock(settings, lambda _: None, timeout_s=30):
        pass


def test_a_killed_holder_leaves_no_lock(settings, holder) -> None:
    holder.kill()
    holder.wait()
    told = []
    with refresh_lock(settings, told.append, timeout_s=5):
        assert told == []


def test_a_run_within_the_command_takes_it_again(settings) -> None:
    with refresh_lock(settings, lambda _: None), refresh_lock(settings, pytest.fail, timeout_s=0):
        pass
    # Both let go: another process can have it.
    process = subprocess.run(
        [sys.executable, "-c", HOLD, str(settings.data_dir)],
        input="\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert process.stdout == "held\n"
