"""changes.json and CHANGES.md: what a release changes, for programs and for people."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from orchestration.release.changes import Changes, CheckChange, ColumnChange, TableChange
from orchestration.release.check_results import COLOURS_IN_WORDS
from orchestration.release.record import to_json

JSON_NAME, TEXT_NAME = "changes.json", "CHANGES.md"
_NOT_RUN = "not run"


def write_change_notes(folder: Path, changes: Changes) -> None:
    """Write both files into the folder of the release."""
    (folder / JSON_NAME).write_text(to_json(asdict(changes)), encoding="utf-8")
    (folder / TEXT_NAME).write_text("\n".join(_lines(changes)) + "\n", encoding="utf-8")


def summary(changes: Changes) -> list[str]:
    """What changed, in sentences: counts of persons by date first in each table, then rows that came or went."""
    if changes.not_compared:
        return [changes.not_compared]
    said = [f"New table `{name}`." for name in changes.tables_added]
    said += [f"Table `{name}` is gone." for name in changes.tables_removed]
    said += [sentence for table in changes.tables for sentence in _table_sentences(table)]
    worse = sum(check.after in ("warn", "error") for check in changes.checks)
    if changes.checks:
        checks = "1 check" if len(changes.checks) == 1 else f"{len(changes.checks):,} checks"
        said.append(f"{checks} changed colour; {worse:,} to be looked at now.")
    return said or ["No figure changed."]


def _table_sentences(table: TableChange) -> Iterator[str]:
    sums = [_sum_sentence(table, column) for column in table.columns_revised if column.sum_of_changes is not None]
    yield from sums
    if table.rows_revised and not sums:
        yield f"`{table.name}`: {_rows(table.rows_revised)} revised."
    if table.rows_added is None or table.rows_removed is None:
        yield f"`{table.name}`: rows are told apart by another key than before and were not compared."
    elif table.rows_added or table.rows_removed:
        yield f"`{table.name}`: {_rows(table.rows_added)} added, {table.rows_removed:,} removed."


def _sum_sentence(table: TableChange, column: ColumnChange) -> str:
    revised = f"`{column.name}` of {_rows(column.rows)} revised, {_keys(column.keys)}"
    return f"`{table.name}`: {revised}: {column.sum_of_changes:+,.0f} in sum."


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _lines(changes: Changes) -> Iterator[str]:
    yield f"# Changes in release {changes.version}"
    yield ""
    if not changes.not_compared:
        yield f"Against the release published before it ({changes.previous_version})."
    vintage = f"The newest vintage of the list of confirmed deaths is that of {changes.as_of}"
    if changes.previous_as_of:
        vintage += f"; before, it was that of {changes.previous_as_of}"
    yield f"{vintage}."
    yield ""
    yield from (f"* {sentence}" for sentence in summary(changes))
    if changes.tables:
        yield from _table_lines(changes.tables)
    if changes.checks:
        yield from _check_lines(changes.checks)


def _table_lines(tables: list[TableChange]) -> Iterator[str]:
    yield from ("", "## Tables", "")
    yield "Rows are told apart by the primary key. As-of dates and ages move with every vintage: they revise no row."
    yield ""
    yield "| table | rows before | after | added | removed | revised | between |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | --- |"
    for table in tables:
        counts = (table.rows_before, table.rows_after, table.rows_added, table.rows_removed, table.rows_revised)
        shown = " | ".join("not compared" if count is None else f"{count:,}" for count in counts)
        yield f"| `{table.name}` | {shown} | {_keys(table.keys)} |"
    yield from ("", "| table | column | rows revised | between |", "| --- | --- | ---: | --- |")
    for table in tables:
        for column in table.columns_revised:
            yield f"| `{table.name}` | `{column.name}` | {column.rows:,} | {_keys(column.keys)} |"
        for what, names in (("new", table.columns_added), ("gone", table.columns_removed)):
            for name in names:
                yield f"| `{table.name}` | `{name}` | {what} | |"


def _check_lines(checks: list[CheckChange]) -> Iterator[str]:
    yield from ("", "## Checks that changed colour", "")
    yield "| check | before | now | measured | what a failure means |"
    yield "| --- | --- | --- | --- | --- |"
    for check in checks:
        cells = (
            f"`{check.check_name}` of `{check.asset}`",
            COLOURS_IN_WORDS[check.before] if check.before else _NOT_RUN,
            COLOURS_IN_WORDS[check.after] if check.after else _NOT_RUN,
            check.measured or "",
            check.meaning,
        )
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _keys(keys: dict[str, tuple[str | None, str | None]]) -> str:
    """`2024-01-02 to 2024-03-04`, named where the key has several columns."""
    if len(keys) == 1:
        return _ends(*next(iter(keys.values())))
    return ", ".join(f"{name} {_ends(*ends)}" for name, ends in keys.items() if ends[0] is not None)


def _ends(first: str | None, last: str | None) -> str:
    if first is None:  # only columns came or went
        return ""
    return f"{first}" if first == last else f"{first} to {last}"
