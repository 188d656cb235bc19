"""A threshold is one row of vars.yml: complete, used, and its number written nowhere else."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.dbt import thresholds
from orchestration.settings import DBT_PROJECT_DIR

ROOT = DBT_PROJECT_DIR.parent
# Numbers that mean anything: days of a month, seconds, per cents, the port of a web server. A row with one of these is
# only held to be read by its name.
PLAIN = {*range(32), 60, 100, 365, 1000, 3000, 0.1, 0.5}
# Widths, spacings and shades of drawings are no thresholds, even where the figures are the same.
_DRAWN = ("orchestration/report/render/", "orchestration/report/figures/")
_NUMBER = re.compile(r"(?<![\w.'\"-])\d[\d_,]*(?:\.\d+)?(?![\w.]|-\d)|(?<!\d)\d{4}-\d\d-\d\d(?!\d)")


def numbers(text: str) -> Iterator[float | str]:
    """Numbers and ISO dates of a text; 90,000 and 90_000 are 90000."""
    for found in _NUMBER.findall(text):
        yield found if "-" in found else float(re.sub("[_,]", "", found))


def distinctive() -> dict[float | str, str]:
    """Values that mean one threshold wherever they stand, with the name of a row that has them."""
    values: dict[float | str, str] = {}
    for name, row in thresholds.rows().items():
        for value in row["value"] if isinstance(row["value"], list) else [row["value"]]:
            if value not in PLAIN:
                values[value] = name
    return values


def code_of_sql(text: str) -> Iterator[tuple[int, str]]:
    """Lines without comments."""
    text = re.sub(r"\{#.*?#\}", lambda comment: "\n" * comment[0].count("\n"), text, flags=re.DOTALL)
    for number, line in enumerate(text.splitlines(), start=1):
        yield number, line.partition("--")[0]


def code_of_python(text: str) -> Iterator[tuple[int, str]]:
    """Tokens of numbers, and of texts that are no docstrings."""
    previous = tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        is_docstring = token.type == tokenize.STRING and previous in (tokenize.NEWLINE, tokenize.INDENT, tokenize.NL)
        if token.type in (tokenize.NUMBER, tokenize.STRING) and not is_docstring:
            yield token.start[0], token.string.strip("\"'")
        if token.type not in (tokenize.COMMENT, tokenize.NL):
            previous = token.type


def code_of_yaml(document: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """What tests are told and what readers are: all texts but made-up figures of unit tests and the words of seeds."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key not in ("unit_tests", "values"):
                yield from code_of_yaml(value, f"{path}/{document.get('name', '')}/{key}")
    elif isinstance(document, list):
        for value in document:
            yield from code_of_yaml(value, path)
    elif isinstance(document, str | int | float) and not isinstance(document, bool):
        yield path, str(document)


def written_elsewhere() -> list[str]:
    """Distinctive numbers that stand outside vars.yml, as file, place, number and the row it is of."""
    values = distinctive()
    found = []

    def look(file: Path, places: Iterator[tuple[int | str, str]]) -> None:
        name = file.relative_to(ROOT).as_posix()
        found.extend(
            f"{name}:{place}: {number} is {values[number]}"
            for place, text in places
            for number in numbers(text)
            if number in values
        )

    for file in sorted(DBT_PROJECT_DIR.rglob("*.sql")):
        if "target" not in file.parts:
            look(file, code_of_sql(file.read_text(encoding="utf-8")))
    for file in sorted(DBT_PROJECT_DIR.rglob("*.yml")):
        if file != thresholds.PATH and "target" not in file.parts:
            look(file, code_of_yaml(yaml.safe_load(file.read_text(encoding="utf-8"))))
    for file in sorted((ROOT / "orchestration").rglob("*.py")):
        if not file.relative_to(ROOT).as_posix().startswith(_DRAWN):
            look(file, code_of_python(file.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("name", thresholds.rows())
def test_a_row_has_value_unit_and_reason(name: str) -> None:
    row = thresholds.rows()[name]
    assert row.keys() == {"value", "unit", "reason"}
    assert row["unit"].strip()
    assert len(row["reason"].split()) > 5
    values = row["value"] if isinstance(row["value"], list) else [row["value"]]
    assert all(isinstance(value, int | float | str) for value in values)


def test_every_row_is_read_somewhere() -> None:
    files = [*DBT_PROJECT_DIR.rglob("*.sql"), *DBT_PROJECT_DIR.rglob("*.yml"), *(ROOT / "orchestration").rglob("*.py")]
    text = "\n".join(
        file.read_text(encoding="utf-8") for file in files if file != thresholds.PATH and "target" not in file.parts
    )
    assert [name for name in thresholds.rows() if not re.search(rf"""['"{{]{name}\b""", text)] == []


def test_no_number_of_a_row_is_written_elsewhere() -> None:
    assert written_elsewhere() == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("where age_days >= 91 -- 182", [91.0]),
        ("between 90_000 and 150,000", [90000.0, 150000.0]),
        ("date '2022-02-24'", ["2022-02-24"]),
        ("make_date(2024, 1, 1) + c91 and x.182", [2024.0, 1.0, 1.0]),
    ],
)
def test_the_search_finds_numbers_and_no_names(code: str, found: list) -> None:
    assert [number for _, line in code_of_sql(code) for number in numbers(line)] == found


def test_the_search_of_python_reads_texts_and_skips_docstrings() -> None:
    code = '"""Under 91 days."""\n\nAGE = 182  # 150\n\n\ndef why() -> str:\n    """Not 91."""\n    return "under 91"\n'
    assert [number for _, text in code_of_python(code) for number in numbers(text)] == [182.0, 91.0]
