"""What must not be in the repository: upstream files, registry hosts, this machine's paths, large files, loose modules,
files named for being useful, and notes of what remains to be done."""

import re
import subprocess

import pytest
import yaml

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
# At the root stands what is started from outside; everything else has a room.
AT_THE_ROOT = {"__init__.py", "definitions.py", "settings.py", "refresh.py", "performance.py", "dagster.yaml"}
JUNK_DRAWER = re.compile(r"(^|[/_])(utils?|helpers?|common|misc|shared|stuff)(_|\.py$|\.sql$|/)")
REMAINS = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]))


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


def test_no_module_stands_loose_at_the_root(tracked) -> None:
    loose = {name.removeprefix("orchestration/") for name in tracked if re.fullmatch(r"orchestration/[^/]+", name)}
    assert loose <= AT_THE_ROOT


def test_a_files_name_says_its_content(tracked) -> None:
    assert [name for name in tracked if JUNK_DRAWER.search(name)] == []


def test_nothing_is_left_to_be_done_in_code(tracked) -> None:
    code = [name for name in tracked if name.endswith((".py", ".sql", ".yml", ".yaml", ".toml", ".jinja", "Makefile"))]
    assert code
    assert [name for name in code if REMAINS.search((ROOT / name).read_text(encoding="utf-8"))] == []


def test_no_test_module_imports_another(tracked) -> None:
    importing = re.compile(r"^from tests(\.\w+)*\.test_\w+ import|^import tests(\.\w+)*\.test_", re.MULTILINE)
    tests = [name for name in tracked if name.startswith("tests/") and name.endswith(".py")]
    assert tests
    assert [name for name in tests if importing.search((ROOT / name).read_text(encoding="utf-8"))] == []


def test_the_lock_names_no_index(tracked) -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert re.findall(r"^\s*--(?!hash=)\S+|https?://\S+", lock, re.MULTILINE) == []


def test_hooks_and_workflows_bring_no_code_that_is_not_pinned(tracked) -> None:
    """Actions are pinned by their major version, hooks are the tools of the lock."""
    workflows = [name for name in tracked if name.startswith(".github/workflows/")]
    assert workflows
    for name in workflows:
        for action in re.findall(r"uses: (\S+)", (ROOT / name).read_text(encoding="utf-8")):
            assert re.fullmatch(r"actions/[\w-]+@v\d+", action), (name, action)
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repository["repo"] for repository in hooks["repos"]} == {"local"}
