"""What the README tells people to run works."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Refreshed

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def shell_lines() -> list[str]:
    return [line.split("   #")[0].strip() for block in blocks("sh") for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize("sql", blocks("sql"))
def test_queries_have_answers(published, sql: str) -> None:
    assert published.execute(sql).fetchall()


@pytest.mark.parametrize("code", blocks("python"))
def test_python_runs_from_the_checkout(refreshed: Refreshed, tmp_path: Path, code: str) -> None:
    (tmp_path / "data").symlink_to(refreshed.data_dir)
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()


@pytest.mark.parametrize("line", [line for line in shell_lines() if not line.startswith("make ")])
def test_commands_run(refreshed: Refreshed, line: str) -> None:
    command, *arguments = shlex.split(line)
    executable = Path(sys.executable).with_name(Path(command).name)
    result = subprocess.run([executable, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()


def test_named_make_targets_exist() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b", "\n".join(re.findall(r"`(make [a-z]+)`", README) + shell_lines())))
    assert {"refresh", "ui", "test", "live"} <= named
    for target in named:
        result = subprocess.run(
            ["make", "-n", target], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, env=os.environ
        )
        assert result.returncode == 0, (target, result.stderr)


def test_named_files_exist() -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / link).exists(), link


def test_every_source_is_credited() -> None:
    from orchestration.sources import SOURCES

    for source in SOURCES.values():
        assert f"`{source.name}`" in README
        assert source.url in README
