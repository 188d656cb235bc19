"""What the pages tell people to run works, and what they name is there. Pages of answers have tests of their own."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.conftest import ROOT, Refreshed
from tests.docs.pages import PAGES, blocks, links, named_commands, shell_lines

README = ROOT / "README.md"
FOR_READERS = [README, ROOT / "docs" / "reading-the-figures.md", ROOT / "docs" / "operating.md"]
TWO_SCREENS = 100

of_every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@pytest.mark.parametrize("sql", [sql for page in FOR_READERS for sql in blocks(page, "sql")])
def test_queries_have_answers(published, sql: str) -> None:
    assert published.execute(sql).fetchall()


@pytest.mark.parametrize("code", [code for page in FOR_READERS for code in blocks(page, "python")])
def test_python_runs_from_the_checkout(refreshed: Refreshed, tmp_path: Path, code: str) -> None:
    (tmp_path / "data").symlink_to(refreshed.data_dir)
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()


@pytest.mark.parametrize(
    "line", [line for page in FOR_READERS for line in shell_lines(page) if not line.startswith("make ")]
)
def test_commands_run(refreshed: Refreshed, line: str) -> None:
    command, *arguments = shlex.split(line)
    executable = Path(sys.executable).with_name(Path(command).name)
    environment = {**os.environ, "WAR_LOSSES_DATA_DIR": str(refreshed.data_dir)}
    result = subprocess.run(
        [executable, *arguments], capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()


def test_named_make_targets_exist() -> None:
    named = {arguments[0] for page in PAGES for arguments in named_commands(page, "make")}
    assert {"refresh", "test", "ui", "live", "test-fast", "compare"} <= named
    result = subprocess.run(
        ["make", "-n", *sorted(named)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "BEFORE": "one", "AFTER": "other"},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


def test_named_commands_exist_and_take_the_named_options() -> None:
    from orchestration.cli import main

    context = click.Context(main)
    calls = [(page.name, call) for page in PAGES for call in named_commands(page, "war-losses")]
    assert {"refresh", "status", "query", "accept", "add", "rollback"} <= {name for _, (name, *_) in calls}
    for page, (name, *arguments) in calls:
        command = main.get_command(context, name)
        assert command is not None, (page, name)
        options = {option for parameter in command.params for option in parameter.opts}
        named = {argument for argument in arguments if argument.startswith("--")}
        assert named <= options, (page, name, named - options)


@of_every_page
def test_named_files_exist(page: Path) -> None:
    for link in links(page):
        assert (page.parent / link).exists(), link


def test_a_newcomer_meets_the_main_job_first_and_is_done_in_two_screens() -> None:
    text = README.read_text(encoding="utf-8")
    first, second, third = shell_lines(README)[:3]
    assert [first, second, third] == ["make refresh", "make test", "make ui"]
    assert len(text.splitlines()) <= TWO_SCREENS


def test_every_source_is_credited() -> None:
    from orchestration.sources import SOURCES

    text = README.read_text(encoding="utf-8")
    for source in SOURCES.values():
        assert f"`{source.name}`" in text
        assert source.url in text
