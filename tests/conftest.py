"""What tests share: a data directory a worker, and one refresh of the whole session that many tests look at.

The data directory is set before anything of the project is imported, so that no test writes to the checkout's `data/`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from filelock import FileLock

from tests.running_chromium import chromium_path, started_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
UPSTREAM = SHARED / "upstream"
WAR_LOSSES = Path(sys.executable).with_name("war-losses")
# One refresh takes under half a minute alone; CI machines are shared.
REFRESH_TIMEOUT_S = 240

# The folder of the session: made by the process that hands out the tests, whose workers find it in their environment.
_SESSION = "WAR_LOSSES_TESTS_SESSION_DIR"
_own_session_dir = None
if "PYTEST_XDIST_WORKER" not in os.environ:
    _own_session_dir = tempfile.TemporaryDirectory(prefix="war-losses-tests-")
    os.environ[_SESSION] = _own_session_dir.name
SESSION_DIR = Path(os.environ[_SESSION])
DATA_DIR = SESSION_DIR / os.environ.get("PYTEST_XDIST_WORKER", "alone")
os.environ["WAR_LOSSES_DATA_DIR"] = str(DATA_DIR)
os.environ["DAGSTER_HOME"] = str(DATA_DIR / "dagster")
os.environ["DO_NOT_TRACK"] = "1"
os.environ.pop("GITHUB_TOKEN", None)
# Nothing in a test may reach the network: what is not loopback goes to a port where nobody listens.
os.environ["WAR_LOSSES_GITHUB_API"] = os.environ["WAR_LOSSES_GITHUB_RAW"] = "http://127.0.0.1:9"
Path(os.environ["DAGSTER_HOME"]).mkdir(parents=True)


def give_manifest(data_dir: Path) -> None:
    """Let an empty data directory begin with the manifest that `make setup` made of this very project, if it did.

    It is taken for current by the same rule as in any installation; without it whoever needs one parses for itself.
    """
    prepared = ROOT / "data" / "dbt" / "manifest.json"
    if prepared.exists():
        (data_dir / "dbt").mkdir(parents=True)
        shutil.copy2(prepared, data_dir / "dbt")


give_manifest(DATA_DIR)


def pytest_unconfigure() -> None:
    if _own_session_dir:
        _own_session_dir.cleanup()


# What builds rather than looks: whole refreshes in these folders, whoever asks for the one that is shared
# (`refreshed`), releases, and files that run dbt or launch Dagster's jobs. The inner loop leaves it out.
_FOLDERS_OF_RUNS = {"e2e", "reliability", "release"}
_FILES_OF_RUNS = {"test_series_checks.py", "test_messages.py", "test_blocking_checks.py", "test_last_good.py"}
# The files that take longest, in the order in which they begin: what comes last is short, so that no worker is left
# alone with a long one. The first runs the refresh that many look at; those beside it have refreshes of their own, so
# that nobody waits for it.
_LONG_FILES = [
    *("test_power_cut.py", "test_operator_in_browser.py", "test_misbehaving_source.py"),
    *("test_quiet_year.py", "test_adding_a_source.py", "test_disk.py"),
    *("test_worlds.py", "test_release_files.py", "test_blocking_checks.py", "test_refresh.py", "test_ui_guard.py"),
    *("test_adding_a_claim.py", "test_checks_can_fail.py", "test_series_checks.py", "test_database.py"),
    # Of those that need no refresh.
    *("test_messages.py", "test_alert_message.py", "test_github.py"),
]


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what -m does not select
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, skip what has no files, and give whole files to the workers, the longest first."""
    no_upstream = pytest.mark.skip(reason=f"the real upstream files are not at {UPSTREAM}")
    for item in items:
        asks_for = getattr(item, "fixturenames", ())
        if "upstream" in item.keywords and not UPSTREAM.is_dir():
            item.add_marker(no_upstream)
        runs = item.path.parent.name in _FOLDERS_OF_RUNS or item.path.name in _FILES_OF_RUNS
        if runs or "refreshed" in asks_for:
            item.add_marker("slow")
    slow_files = {item.path for item in items if "slow" in item.keywords}
    rank = {name: place for place, name in enumerate(_LONG_FILES)}
    items.sort(key=lambda item: (item.path not in slow_files, rank.get(item.path.name, len(rank))))


def run_war_losses(
    *arguments: str, timeout: float = REFRESH_TIMEOUT_S, **environment: str
) -> subprocess.CompletedProcess:
    """Run the command as a person would, and return what it printed."""
    return subprocess.run(
        [WAR_LOSSES, *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env={**os.environ, "COLUMNS": "200", **environment},
    )


@dataclass(frozen=True)
class Refreshed:
    """A data directory in which one refresh ran, and what the command said."""

    data_dir: Path
    result: subprocess.CompletedProcess

    @property
    def published_path(self) -> Path:
        return self.data_dir / "published" / "war_losses.duckdb"

    def ask(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run a command that only reads."""
        return run_war_losses(*arguments, WAR_LOSSES_DATA_DIR=str(self.data_dir))


@pytest.fixture(scope="session")
def refreshed() -> Refreshed:
    """The shipped figures, refreshed once, from nothing, for all tests that read the outcome. Not to be written to.

    All workers look at the same one: whoever comes first runs it, within its time-out, and the others wait.
    """
    data_dir, said = SESSION_DIR / "refreshed", SESSION_DIR / "refreshed.json"
    with FileLock(SESSION_DIR / "refreshed.lock"):
        if not said.exists():
            ran = run_war_losses("refresh", WAR_LOSSES_DATA_DIR=str(data_dir))
            said.write_text(json.dumps([ran.returncode, ran.stdout, ran.stderr]), encoding="utf-8")
    result = subprocess.CompletedProcess(["refresh"], *json.loads(said.read_text(encoding="utf-8")))
    assert result.returncode == 0, result.stdout + result.stderr
    return Refreshed(data_dir, result)


# A module's own: while Playwright is there, an event loop runs, in which asyncio.run refuses to start another.
@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """A headless Chromium; where there is none, the test skips."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine: install it from the system's packages (.ci/run does)")
    with started_chromium(path) as browser:
        yield browser


@pytest.fixture
def published(refreshed: Refreshed) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file, as an analyst opens it."""
    with duckdb.connect(str(refreshed.published_path), read_only=True) as connection:
        yield connection
