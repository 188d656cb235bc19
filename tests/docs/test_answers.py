"""The pages whose queries stand with their answers: the queries run, and give the output that is printed.

`UPDATE_GOLDEN=1 pytest tests/docs` writes the output anew; read the difference before committing it. Queries about
as-of dates name them, so newer data do not change the answers; those of the audit change with the shipped figures.
"""

import os
import re
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT
from tests.docs.pages import render

PAGES = [ROOT / "docs" / "as-of.md", ROOT / "docs" / "audit.md"]
EXAMPLE = re.compile(r"```sql\n(?P<sql>.*?)```\n\n```text\n(?P<output>.*?)```", re.DOTALL)


@pytest.fixture(params=PAGES, ids=[page.stem for page in PAGES])
def page(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_every_query_has_its_output(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(EXAMPLE.findall(text)) == text.count("```sql") >= 4


def test_outputs_are_what_the_queries_give(page: Path, published: duckdb.DuckDBPyConnection) -> None:
    text = page.read_text(encoding="utf-8")

    def rewritten(example: re.Match) -> str:
        return f"```sql\n{example['sql']}```\n\n```text\n{render(published, example['sql'])}```"

    answered = EXAMPLE.sub(rewritten, text)
    if os.environ.get("UPDATE_GOLDEN"):
        page.write_text(answered, encoding="utf-8")
        pytest.skip("written anew")
    assert answered == text


def test_the_audit_shows_every_finding_before_and_now() -> None:
    text = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    findings = re.split(r"^## \d+\. ", text, flags=re.MULTILINE)[1:]
    assert len(findings) == 17
    for finding in findings:
        title = finding.splitlines()[0]
        assert "Release 0.1" in finding, title
        assert EXAMPLE.search(finding), title
