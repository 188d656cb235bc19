"""Everything that a release says, to be read as a sceptic would: titles, subtitles, notes, verdicts, flags, reasons.

python -m tests.worlds.statements OBSERVATIONS [WORLD ...]
"""

import re
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

import duckdb

from tests.worlds.worlds import WORLDS, build

# Columns of a table whose texts are statements of a row rather than a key, a source or a fixed description.
_WORDED = re.compile(r"verdict|status|reason|because|explanation|note|derivation|standstill|holds|held|is_")


class _Page(HTMLParser):
    """The text of a page outside drawings, tables and styles, a line a block."""

    _LEFT_OUT = ("style", "script", "svg", "table")
    _BLOCKS = ("h1", "h2", "h3", "p", "li", "figcaption", "summary", "td")

    def __init__(self) -> None:
        super().__init__()
        self._inside = 0
        self.lines: list[str] = []

    def handle_starttag(self, tag: str, _: list) -> None:
        self._inside += tag in self._LEFT_OUT
        if tag in self._BLOCKS:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag in self._LEFT_OUT

    def handle_data(self, text: str) -> None:
        if not self._inside and text.strip():
            self.lines = [*self.lines[:-1], f"{self.lines[-1]} {' '.join(text.split())}".strip()] if self.lines else []


def page_lines(page: Path) -> list[str]:
    """Headings, sentences and captions of a page."""
    parser = _Page()
    parser.feed(page.read_text(encoding="utf-8"))
    return [line for line in parser.lines if line]


def main(observations: Path, names: list[str]) -> None:
    for name in names or list(WORLDS):
        with tempfile.TemporaryDirectory() as scratch:
            built = build(WORLDS[name], observations, Path(scratch))
            print(f"\n######## {name}: {built.world.title}\n")
            print("\n".join(page_lines(built.page)))
            with duckdb.connect(str(built.database), read_only=True) as connection:
                print("\n#### claims")
                for row in connection.execute(
                    "select claim_id, verdict, claim, explanation from published_claims order by claim_id"
                ).fetchall():
                    print(f"{row[0]} [{row[1]}] {row[2]}\n    {row[3]}")
                print("\n#### words and flags of the tables, rows each")
                columns = connection.execute(
                    "select table_name, column_name from duckdb_columns() where schema_name = 'main' and not internal"
                    " and table_name not in ('data_dictionary', 'published_claims', 'quality_checks', 'source_status')"
                    " order by all"
                ).fetchall()
                for table, column in columns:
                    if not _WORDED.search(column):
                        continue
                    counted = connection.execute(
                        f'select "{column}", count(*) from {table} group by all order by 2 desc, 1 limit 12'
                    ).fetchall()
                    print(f"{table}.{column}: " + "; ".join(f"{value} ×{rows}" for value, rows in counted))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
