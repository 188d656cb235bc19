"""The command: all that it can do is listed, and what is not asked for is not loaded."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from orchestration.cli import MODULES, main


def test_all_commands_are_listed_with_what_they_do() -> None:
    listed = CliRunner().invoke(main, ["--help"]).output
    for name in MODULES:
        command = main.get_command(click.Context(main), name)
        assert command.name == name
        assert f"  {name}  " in listed
        assert command.help.split()[0] in listed


def test_an_unknown_command_is_named() -> None:
    answer = CliRunner().invoke(main, ["publish"])
    assert answer.exit_code == 2
    assert "No such command 'publish'" in answer.output


@pytest.mark.parametrize(
    ("arguments", "not_loaded"),
    [
        (["--help"], {"duckdb", "dagster", "sqlalchemy", "pandas"}),
        (["query", "--help"], {"duckdb", "dagster", "orchestration.cli.files", "orchestration.cli.refresh"}),
        (["accept", "--help"], {"duckdb", "dagster", "pandas", "orchestration.cli.releases"}),
    ],
)
def test_a_command_loads_what_it_needs(arguments: list[str], not_loaded: set[str]) -> None:
    code = (
        "import sys; from orchestration.cli import main; main(sys.argv[1:], standalone_mode=False);"
        f"print(*sorted({not_loaded} & set(sys.modules)), file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stderr.split() == []
