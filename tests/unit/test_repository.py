"""What must not be in the repository: upstream files, registry hosts, this machine's paths, large files."""

import re
import subprocess

import pytest

from tests.conftest import ROOT

UPSTREAM_FILE = re.compile(r"_cumsum\.csv$|deepstatemap_data_.*\.geojson$|russia_losses_.*\.json$|(^|/)uv\.lock$")
# Named in pieces, so that this file does not carry what it forbids.
FORBIDDEN = [
    re.compile(
        "|".join(["pypi" + r"\.org", "python" + r"hosted\.org", "registry" + r"\.npmjs", "deb" + r"\.debian\.org"])
    ),
    re.compile("|".join(["/ro" + "ot/", "/tmp/" + "bash_jobs", "/ho" + r"me/\w+/"])),
]
MAX_KIB = 1500


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    if listed.returncode or not listed.stdout:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_upstream_file_is_tracked(tracked) -> None:
    assert [name for name in tracked if UPSTREAM_FILE.search(name)] == []


def test_no_geometry_is_shipped(tracked) -> None:
    shipped = [name for name in tracked if name.startswith("data/")]
    assert shipped
    for name in shipped:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "MultiPolygon" not in text, name
        assert "coordinates" not in text, name


def test_nothing_names_a_registry_or_a_machine(tracked) -> None:
    for name in tracked:
        text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
        for pattern in FORBIDDEN:
            assert not pattern.search(text), (name, pattern.pattern)


def test_tracked_files_are_small(tracked) -> None:
    assert [name for name in tracked if (ROOT / name).stat().st_size > MAX_KIB * 1024] == []
