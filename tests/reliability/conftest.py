"""An installation that has pulled once from a GitHub on loopback, which has moved on since.

The first night is the same for all trials, whichever worker runs them; each works on a copy, and a worker's upstream
only ever moves on.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.conftest import SESSION_DIR
from tests.reliability.faulty_github import FaultyGitHub, serve
from tests.reliability.made_up_upstream import write_night
from tests.reliability.trials import Installation


@pytest.fixture(scope="session")
def github(tmp_path_factory) -> Iterator[FaultyGitHub]:
    root = tmp_path_factory.mktemp("upstream")
    write_night(root, 0)
    with serve(root) as server:
        yield server


@pytest.fixture(scope="session")
def first_night(github: FaultyGitHub) -> Installation:
    """An installation that has pulled once; upstream has moved on a night since."""
    installation = Installation(SESSION_DIR / "first-night", github)
    with FileLock(SESSION_DIR / "first-night.lock"):
        if not installation.published.exists():
            result = installation.refresh()
            assert result.returncode == 0, result.stdout + result.stderr
    write_night(github.root, 1)
    return installation


@pytest.fixture
def installation(first_night: Installation, tmp_path: Path) -> Installation:
    return first_night.copy_to(tmp_path / "data")
