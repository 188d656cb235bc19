"""The pages of the documentation, and what tests take out of them: blocks of code, commands, links."""

import re
from pathlib import Path

import duckdb

from tests.conftest import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path, language: str) -> list[str]:
    """Code of a language on a page, a string a block."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def shell_lines(page: Path) -> list[str]:
    """Commands that a page shows as to be run, without the remark behind them."""
    return [
        line.split("   #")[0].strip() for block in blocks(page, "sh") for line in block.splitlines() if line.strip()
    ]


def named_commands(page: Path, program: str) -> list[list[str]]:
    """Arguments of every call of a program that a page names, in code or in a sentence."""
    text = page.read_text(encoding="utf-8")
    calls = [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^(?:    )?(\S.*)$", text, re.MULTILINE)]
    named = (re.match(rf"(?:\w+=\S+ )*(?:\.venv/bin/)?{program} ([a-z].*)", call) for call in calls)
    return [match[1].split("   #")[0].split() for match in named if match]


def links(page: Path) -> list[str]:
    """Links to files of the repository, as written."""
    return re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8"))


def render(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Answer of a query as aligned columns, as printed on the pages."""
    result = connection.execute(sql)
    rows = [[column[0] for column in result.description]]
    rows += [["" if value is None else str(value) for value in row] for row in result.fetchall()]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines) + "\n"
