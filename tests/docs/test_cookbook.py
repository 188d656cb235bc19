"""The cookbook: every recipe runs as people would run it, and gives the answer it prints.

`UPDATE_GOLDEN=1 pytest tests/docs` writes the answers anew; read the difference before committing it.
"""

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT, Refreshed
from tests.docs.pages import render

PAGE = ROOT / "docs" / "cookbook.md"
TEXT = PAGE.read_text(encoding="utf-8")
RECIPE = re.compile(r"```(?P<language>sql|python|r|sh)\n(?P<code>.*?)```\n\n```text\n(?P<answer>.*?)```", re.DOTALL)
RECIPES = list(RECIPE.finditer(TEXT))


def run_sql(code: str, refreshed: Refreshed, _: Path) -> str:
    with duckdb.connect(str(refreshed.published_path), read_only=True) as connection:
        return render(connection, code)


def run_python(code: str, _: Refreshed, folder: Path) -> str:
    return in_checkout([sys.executable, "-c", code], folder)


def run_r(code: str, _: Refreshed, folder: Path) -> str:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed here")
    return in_checkout(["Rscript", "-e", code], folder)


def run_shell(code: str, refreshed: Refreshed, _: Path) -> str:
    command, *arguments = shlex.split(code)
    assert command == "war-losses"
    result = refreshed.ask(*arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def in_checkout(command: list, folder: Path) -> str:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.replace("\r\n", "\n")


RUN: dict[str, Callable[[str, Refreshed, Path], str]] = {
    "sql": run_sql,
    "python": run_python,
    "r": run_r,
    "sh": run_shell,
}


@pytest.fixture
def checkout(refreshed: Refreshed, tmp_path: Path) -> Path:
    """A folder in which `data` is the data directory."""
    (tmp_path / "data").symlink_to(refreshed.data_dir)
    return tmp_path


def test_questions_are_numbered_and_no_code_without_its_answer() -> None:
    assert re.findall(r"^## (\d+)\. .+$", TEXT, re.MULTILINE) == [str(number) for number in range(1, 16)]
    assert len(RECIPES) == sum(TEXT.count(f"```{language}\n") for language in RUN)
    assert {recipe["language"] for recipe in RECIPES} == set(RUN)


@pytest.mark.parametrize("recipe", RECIPES, ids=[f"{r['language']}-{n}" for n, r in enumerate(RECIPES, 1)])
def test_the_answer_is_what_the_recipe_gives(recipe: re.Match, refreshed: Refreshed, checkout: Path) -> None:
    answer = RUN[recipe["language"]](recipe["code"], refreshed, checkout)
    if os.environ.get("UPDATE_GOLDEN"):
        text = PAGE.read_text(encoding="utf-8")
        block = f"```{recipe['language']}\n{recipe['code']}```\n\n```text\n"
        PAGE.write_text(text.replace(f"{block}{recipe['answer']}```", f"{block}{answer}```"), encoding="utf-8")
        pytest.skip("written anew")
    assert answer == recipe["answer"]


def test_the_spreadsheet_formula_gives_its_answer(refreshed: Refreshed) -> None:
    formula = re.search(r"=SUMIFS\((?P<sum>\w):\w; (?P<by>\w):\w; .*?DATE\((.*?)\).*?DATE\((.*?)\)\)", TEXT)
    first, last = (date(*map(int, part.split(";"))).isoformat() for part in formula.groups()[2:])
    with (refreshed.data_dir / "published" / "csv" / "deaths_by_day.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    summed, by = (ord(formula[name]) - ord("A") for name in ("sum", "by"))
    assert (header[summed], header[by], header[1]) == ("confirmed_deaths", "death_date", "as_of")
    total = sum(int(row[summed]) for row in rows if first <= row[by] <= last)
    assert f"The answer is {total}, as of the date in column B ({rows[0][1]} in the shipped figures)" in TEXT
