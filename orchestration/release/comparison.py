"""Two releases row by row, for whoever changes the code and means to change no figure.

    python -m orchestration.release.comparison BEFORE AFTER

Other than `changes`, which tells readers what a release revised by key, this lets nothing differ: an as-of date that
moved is a difference here. What belongs here: comparing two published files and printing what differs. What does not:
what a release says of itself (changes.py, change_notes.py).
"""

import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import duckdb

from orchestration.release.changes import FRACTIONS, unequal_fractions
from orchestration.release.database import DATABASE_NAME, literal
from orchestration.release.tables import QUALITY_CHECKS, RELEASE

# Of the run, not of the figures: they differ between two releases of the same figures.
OF_THE_RUN = frozenset(
    {
        f"{RELEASE.name}.version",
        f"{RELEASE.name}.published_at",
        f"{RELEASE.name}.run_id",
        f"{QUALITY_CHECKS.name}.checked_at",
        "source_status.last_pulled_at",
    }
)
# Enough to see what kind of difference it is.
ROWS_SHOWN = 3

Types = dict[str, str]
Row = dict[str, Any]


@dataclass(frozen=True)
class TableDifference:
    """How a table of two releases differs. A row with another value is one only before and one only after."""

    table: str
    columns_only_before: list[str] = field(default_factory=list)
    columns_only_after: list[str] = field(default_factory=list)
    types: dict[str, tuple[str, str]] = field(default_factory=dict)
    rows_only_before: int = 0
    rows_only_after: int = 0
    examples_before: list[Row] = field(default_factory=list)
    examples_after: list[Row] = field(default_factory=list)

    @property
    def is_any(self) -> bool:
        """Whether anything differs."""
        return bool(
            self.columns_only_before
            or self.columns_only_after
            or self.types
            or self.rows_only_before
            or self.rows_only_after
        )


@dataclass(frozen=True)
class Comparison:
    """What differs between two releases: tables that only one of them has, and tables that both have."""

    tables_only_before: list[str]
    tables_only_after: list[str]
    tables: list[TableDifference]
    compared: int

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs."""
        return not (self.tables_only_before or self.tables_only_after or self.tables)

    def lines(self) -> Iterator[str]:
        """The comparison in words, a line each."""
        yield from (f"{table}: only before" for table in self.tables_only_before)
        yield from (f"{table}: only after" for table in self.tables_only_after)
        for found in self.tables:
            yield from (f"{found.table}.{column}: only before" for column in found.columns_only_before)
            yield from (f"{found.table}.{column}: only after" for column in found.columns_only_after)
            yield from (
                f"{found.table}.{column}: {before} before, {after} after"
                for column, (before, after) in found.types.items()
            )
            if found.rows_only_before or found.rows_only_after:
                yield (
                    f"{found.table}: {found.rows_only_before:,} rows only before,"
                    f" {found.rows_only_after:,} only after; the first:"
                )
                yield from (f"  - {_in_words(row)}" for row in found.examples_before)
                yield from (f"  + {_in_words(row)}" for row in found.examples_after)
        yield f"{self.compared} tables compared: {'equal' if self.is_equal else 'they differ'}"


def compare_releases(before: Path, after: Path, ignored: Collection[str] = OF_THE_RUN) -> Comparison:
    """Compare every published table of two releases.

    Rows are compared as they are, in any order and as often as they occur; fractions to 1e-9 of their size. Columns
    that only one release has, or whose types differ, are named, and the rows are compared by the others.

    Args:
        before: a published file, or the folder it lies in.
        after: the same of the other release.
        ignored: columns, as table.column, that may differ.

    Raises:
        duckdb.Error: one of them cannot be read.
    """
    with duckdb.connect() as connection:
        for side, path in (("before", before), ("after", after)):
            file = path / DATABASE_NAME if path.is_dir() else path
            connection.execute(f"attach {literal(file)} as {side} (read_only)")
        old, new = _types_by_table(connection, "before"), _types_by_table(connection, "after")
        both = sorted(old.keys() & new.keys())
        found = [_compare_table(connection, table, old[table], new[table], ignored) for table in both]
    return Comparison(
        sorted(old.keys() - new.keys()),
        sorted(new.keys() - old.keys()),
        [difference for difference in found if difference.is_any],
        len(both),
    )


def _types_by_table(connection: duckdb.DuckDBPyConnection, side: str) -> dict[str, Types]:
    """Types by column by table; a table outside the schema `main` is named with its schema."""
    types: dict[str, Types] = {}
    for table, column, data_type in connection.execute(
        "select if(schema_name = 'main', '', schema_name || '.') || table_name as name, column_name, data_type"
        f" from duckdb_columns() where database_name = '{side}' and not internal order by name, column_index"
    ).fetchall():
        types.setdefault(table, {})[column] = data_type
    return types


def _compare_table(
    connection: duckdb.DuckDBPyConnection, table: str, old: Types, new: Types, ignored: Collection[str]
) -> TableDifference:
    common = {name: type_ for name, type_ in old.items() if new.get(name) == type_ and f"{table}.{name}" not in ignored}
    if common:
        _pair_rows(connection, table, common)
        ((only_before, only_after),) = connection.execute(
            "select count(old_row), count(new_row) from unlike"
        ).fetchall()
    else:
        only_before = only_after = 0
    return TableDifference(
        table,
        [name for name in old if name not in new],
        [name for name in new if name not in old],
        {name: (type_, new[name]) for name, type_ in old.items() if name in new and new[name] != type_},
        only_before,
        only_after,
        _examples(connection, "old_row") if only_before else [],
        _examples(connection, "new_row") if only_after else [],
    )


def _pair_rows(connection: duckdb.DuckDBPyConnection, table: str, types: Types) -> None:
    """Make the table `unlike`: rows of one release (`old_row`, `new_row`) that the other one does not have.

    Rows that agree in all but their fractions are paired by the order of these.
    """
    exact = [name for name, type_ in types.items() if type_ not in FRACTIONS]
    fractions = [name for name, type_ in types.items() if type_ in FRACTIONS]
    columns, order = _listed(types), _listed(fractions)
    numbered = (
        f"select {columns}, row_number() over (partition by {_listed(exact) or 'null'} order by {order or 'null'})"
        f" as nth from {{side}}.{table if '.' in table else f'main.{table}'}"
    )
    same = " and ".join([*(f'n."{name}" is not distinct from o."{name}"' for name in exact), "n.nth = o.nth"])
    unequal = " or ".join(unequal_fractions(f'n."{name}"', f'o."{name}"') for name in fractions)
    connection.execute(f"""
        create or replace temp table unlike as
        select if(o.nth is null, null, {_struct("o", types)}) as old_row,
            if(n.nth is null, null, {_struct("n", types)}) as new_row
        from ({numbered.format(side="before")}) as o
        full join ({numbered.format(side="after")}) as n on {same}
        where o.nth is null or n.nth is null {f"or {unequal}" if unequal else ""}
    """)


def _examples(connection: duckdb.DuckDBPyConnection, side: str) -> list[Row]:
    rows = connection.execute(
        f"select {side} from unlike where {side} is not null order by {side} limit {ROWS_SHOWN}"
    ).fetchall()
    return [row for (row,) in rows]


def _struct(alias: str, names: Iterable[str]) -> str:
    return "struct_pack({})".format(", ".join(f'"{name}" := {alias}."{name}"' for name in names))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _in_words(row: Row) -> str:
    return ", ".join(f"{name}={value}" for name, value in row.items() if value is not None)


@click.command()
@click.argument("before", type=click.Path(exists=True, path_type=Path))
@click.argument("after", type=click.Path(exists=True, path_type=Path))
@click.option("--ignore", multiple=True, metavar="TABLE.COLUMN", help="A column that may differ; can be given again.")
def main(before: Path, after: Path, ignore: tuple[str, ...]) -> None:
    """Compare two releases (published files, or their folders) row by row; exits 1 where they differ."""
    comparison = compare_releases(before, after, OF_THE_RUN | set(ignore))
    for line in comparison.lines():
        click.echo(line)
    sys.exit(not comparison.is_equal)


if __name__ == "__main__":
    main()
