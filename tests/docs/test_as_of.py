"""The page for analysts on as-of dates: its queries run, and give the output it prints.

`UPDATE_GOLDEN=1 pytest tests/docs` writes the output anew; read the difference before committing it. The queries name
their as-of dates, so newer data do not change the answers.
"""

import os
import re
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT
from tests.docs.pages import render

PAGE = ROOT / "docs" / "as-of.md"
EXAMPLE = re.compile(r"```sql\n(?P<sql>.*?)```\n\n```text\n(?P<output>.*?)```", re.DOTALL)


def test_every_query_has_its_output() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(EXAMPLE.findall(page)) == page.count("```sql") >= 4


def test_outputs_are_what_the_queries_give(published: duckdb.DuckDBPyConnection) -> None:
    page = PAGE.read_text(encoding="utf-8")

    def rewritten(example: re.Match) -> str:
        return f"```sql\n{example['sql']}```\n\n```text\n{render(published, example['sql'])}```"

    answered = EXAMPLE.sub(rewritten, page)
    if os.environ.get("UPDATE_GOLDEN"):
        Path(PAGE).write_text(answered, encoding="utf-8")
        pytest.skip("written anew")
    assert answered == page
