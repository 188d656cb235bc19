"""An installation that has pulled once from a GitHub on loopback, which has moved on since.

The first night is the same for all trials; each works on a copy, and upstream only ever moves on.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
def first_night(github: FaultyGitHub, tmp_path_factory) -> Installation:
    """An installation that has pulled once; upstream has moved on a night since."""
    installation = Installation(tmp_path_factory.mktemp("installation") / "data", github)
    result = installation.refresh()
    assert result.returncode == 0, result.stdout + result.stderr
    write_night(github.root, 1)
    return installation


@pytest.fixture
def installation(first_night: Installation, tmp_path: Path) -> Installation:
    return first_night.copy_to(tmp_path / "data")
