"""What tests share: an empty data directory for the whole session, and one refresh that many tests look at.

The data directory is set before anything of the project is imported, so that no test touches the checkout's `data/`.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.running_chromium import chromium_path, started_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
UPSTREAM = SHARED / "upstream"
WAR_LOSSES = Path(sys.executable).with_name("war-losses")
# One refresh takes under half a minute alone; CI machines are shared.
REFRESH_TIMEOUT_S = 240

_session_dir = tempfile.TemporaryDirectory(prefix="war-losses-tests-")
os.environ["WAR_LOSSES_DATA_DIR"] = _session_dir.name
os.environ["DAGSTER_HOME"] = str(Path(_session_dir.name) / "dagster")
os.environ["DO_NOT_TRACK"] = "1"
os.environ.pop("GITHUB_TOKEN", None)
# Nothing in a test may reach the network: what is not loopback goes to a port where nobody listens.
os.environ["WAR_LOSSES_GITHUB_API"] = os.environ["WAR_LOSSES_GITHUB_RAW"] = "http://127.0.0.1:9"
Path(os.environ["DAGSTER_HOME"]).mkdir()


def pytest_sessionfinish() -> None:
    _session_dir.cleanup()


# What waits for whole refreshes: tests in these folders, and whoever asks for the one that is shared (`refreshed`).
_FOLDERS_OF_RUNS = {"e2e", "reliability"}


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what -m does not select
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, skip what has no files, and give whole files to the workers, slow ones first.

    The quick files fill what is left at the end.
    """
    no_upstream = pytest.mark.skip(reason=f"the real upstream files are not at {UPSTREAM}")
    for item in items:
        asks_for = getattr(item, "fixturenames", ())
        if "upstream" in item.keywords and not UPSTREAM.is_dir():
            item.add_marker(no_upstream)
        if item.path.parent.name in _FOLDERS_OF_RUNS or "refreshed" in asks_for:
            item.add_marker("slow")
    slow_files = {item.path for item in items if "slow" in item.keywords}
    items.sort(key=lambda item: (item.path not in slow_files, item.path.parent.name != "reliability"))


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


@pytest.fixture(scope="session")
def refreshed() -> Refreshed:
    """The shipped figures, refreshed once for all tests that read the outcome. Not to be written to."""
    result = run_war_losses("refresh")
    assert result.returncode == 0, result.stdout + result.stderr
    return Refreshed(Path(os.environ["WAR_LOSSES_DATA_DIR"]), result)


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
