"""DATA_DICTIONARY.md: every published table and column in words, for people without the DuckDB file at hand."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from orchestration.release.database import Identity
from orchestration.release.tables import PublishedTable

DICTIONARY_NAME = "DATA_DICTIONARY.md"


def write_dictionary(folder: Path, tables: Sequence[PublishedTable], identity: Identity, as_of: date) -> None:
    """Write it into the folder of the release, tables in alphabetical order."""
    lines = _lines(sorted(tables, key=lambda table: table.name), identity, as_of)
    (folder / DICTIONARY_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _lines(tables: Sequence[PublishedTable], identity: Identity, as_of: date) -> Iterator[str]:
    yield f"# Data dictionary of release {identity.version}"
    yield ""
    yield f"The newest vintage of the list of confirmed deaths is that of {as_of}. *key* marks what identifies a row."
    yield ""
    yield from (f"* [{table.name}](#{table.name})" for table in tables)
    for table in tables:
        yield from ("", f"## {table.name}", "", table.description, "")
        yield from ("| column | type | unit | meaning |", "| --- | --- | --- | --- |")
        for column in table.columns:
            key = " *key*" if column.name in table.primary_key else ""
            meaning = column.description.replace("|", "\\|")
            yield f"| `{column.name}`{key} | {column.data_type} | {column.unit or ''} | {meaning} |"
