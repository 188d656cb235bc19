"""A disk that takes no more, and a folder that cannot be written: a plain word, and the release as it was."""

import os
import resource
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import REFRESH_TIMEOUT_S, WAR_LOSSES, Refreshed, run_war_losses

# No file may grow beyond these: dbt's manifest has 2 MB, the warehouse 50 MB.
FULL_AT_BYTES = (1_000_000, 5_000_000)


@pytest.fixture
def data_dir(refreshed: Refreshed, tmp_path: Path) -> Path:
    """A copy of the published release only: everything else has to be written anew."""
    (tmp_path / "data" / "published").mkdir(parents=True)
    shutil.copyfile(refreshed.published_path, tmp_path / "data" / "published" / "war_losses.duckdb")
    return tmp_path / "data"


def test_a_full_disk_leaves_the_release(data_dir: Path) -> None:
    release = data_dir / "published" / "war_losses.duckdb"
    before = release.read_bytes()
    for limit in FULL_AT_BYTES:
        result = subprocess.run(
            [WAR_LOSSES, "refresh"],
            env={**os.environ, "WAR_LOSSES_DATA_DIR": str(data_dir), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=REFRESH_TIMEOUT_S,
            check=False,
            preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit)),
        )
        assert result.returncode == 1, result.stdout + result.stderr
        assert "Traceback" not in result.stderr
        assert release.read_bytes() == before
        assert [path.name for path in release.parent.iterdir()] == [release.name]

    # Nothing has to be cleaned up once there is room.
    again = run_war_losses("refresh", WAR_LOSSES_DATA_DIR=str(data_dir))
    assert again.returncode == 0, again.stderr
    assert release.read_bytes() != before


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    result = run_war_losses("refresh", WAR_LOSSES_DATA_DIR=str(tmp_path / "file" / "data"))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert str(tmp_path / "file" / "data") in result.stderr
    assert "must be writable" in result.stderr
