"""A disk that takes no more, and a folder that cannot be written: a plain word, and the release as it was."""

import os
import resource
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest

from orchestration.release.history import Releases
from tests.conftest import REFRESH_TIMEOUT_S, WAR_LOSSES, Refreshed, run_war_losses

# Several whole refreshes in one test.
pytestmark = pytest.mark.timeout(900)
# No file may grow beyond these: dbt's manifest has 2 MB, the warehouse 50 MB.
FULL_AT_BYTES = (1_000_000, 5_000_000)


@pytest.fixture
def data_dir(refreshed: Refreshed, tmp_path: Path) -> Path:
    """A copy of the releases only: everything else has to be written anew."""
    data_dir = tmp_path / "data"
    shutil.copytree(refreshed.data_dir / "releases", data_dir / "releases")
    (data_dir / "published").symlink_to((refreshed.data_dir / "published").readlink())
    return data_dir


def test_a_full_disk_leaves_the_release(data_dir: Path) -> None:
    release = data_dir / "published" / "war_losses.duckdb"
    before = release.read_bytes()
    releases = [folder.name for folder in (data_dir / "releases").iterdir()]
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
        assert [folder.name for folder in (data_dir / "releases").iterdir()] == releases

    # Nothing has to be cleaned up once there is room.
    again = run_war_losses("refresh", WAR_LOSSES_DATA_DIR=str(data_dir))
    assert again.returncode == 0, again.stderr
    assert release.read_bytes() != before


def test_a_folder_in_place_of_the_link_is_named(data_dir: Path) -> None:
    (data_dir / "published").unlink()
    (data_dir / "published").mkdir()
    with (
        pytest.raises(FileExistsError, match=r"published is not the link to a release .* move it away"),
        Releases(data_dir / "published", data_dir / "releases").building("2026.11.22"),
    ):
        pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    result = run_war_losses("refresh", WAR_LOSSES_DATA_DIR=str(tmp_path / "file" / "data"))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert str(tmp_path / "file" / "data") in result.stderr
    assert "must be writable" in result.stderr
