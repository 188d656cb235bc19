"""What a release changes against the one before: rows by table, and checks that changed colour.

What belongs here: the comparison. What does not: how it is told (change_notes.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from orchestration.release.database import Identity, literal
from orchestration.release.tables import QUALITY_CHECKS, RELEASE, Column, PublishedTable

# They move with every vintage or run, although no figure does: alone they revise nothing.
_MOVING_COLUMNS = frozenset({"as_of", "as_of_now", "probate_as_of", "age_days", "last_pulled_at"})
# One is new by nature; the other is compared by colour.
_NOT_COMPARED = frozenset({RELEASE.name, QUALITY_CHECKS.name})
# Sums of fractions may come out in another order, and differ in their last digits.
_SAME_WITHIN = 1e-9
FRACTIONS = frozenset({"DOUBLE", "FLOAT"})


@dataclass(frozen=True)
class ColumnChange:
    """A column whose values were revised: in how many rows, between which keys.

    `sum_of_changes` is new less old over those rows, for counts of persons by day or period; else None.
    """

    name: str
    rows: int
    keys: dict[str, tuple[str | None, str | None]]
    sum_of_changes: float | None


@dataclass(frozen=True)
class TableChange:
    """A table that differs. Rows are told apart by the primary key; `keys` is the range of those touched.

    Rows are None where the releases have no primary key in common.
    """

    name: str
    primary_key: tuple[str, ...]
    rows_before: int
    rows_after: int
    rows_added: int | None
    rows_removed: int | None
    rows_revised: int | None
    keys: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    columns_added: list[str] = field(default_factory=list)
    columns_removed: list[str] = field(default_factory=list)
    columns_revised: list[ColumnChange] = field(default_factory=list)


@dataclass(frozen=True)
class CheckChange:
    """A check that changed colour: passed, warn, error, or None where it was not run."""

    asset: str
    check_name: str
    before: str | None
    after: str | None
    measured: str | None
    meaning: str


@dataclass(frozen=True)
class Changes:
    """A release against the one that was published before it. `not_compared` is the reason, if it was not."""

    version: str
    as_of: date
    previous_version: str | None = None
    previous_as_of: date | None = None
    not_compared: str | None = None
    tables_added: list[str] = field(default_factory=list)
    tables_removed: list[str] = field(default_factory=list)
    tables: list[TableChange] = field(default_factory=list)
    checks: list[CheckChange] = field(default_factory=list)


def compare(
    database: Path, previous: Path, tables: Sequence[PublishedTable], identity: Identity, as_of: date
) -> Changes:
    """Compare a built release with the published one.

    Args:
        database: the DuckDB file that was built.
        previous: the one that is published; none on the first release.
        tables: all that are in the built file.
        identity: of the built release.
        as_of: its newest vintage.
    """
    if not previous.exists():
        return Changes(identity.version, as_of, not_compared="It is the first release.")
    with duckdb.connect() as connection:
        try:
            connection.execute(f"attach {literal(previous)} as before (read_only)")
            ((previous_version, previous_as_of),) = connection.execute(
                "select version, as_of from before.main.release"
            ).fetchall()
        except duckdb.Error as error:
            # A damaged release must not stop the one that replaces it.
            return Changes(identity.version, as_of, not_compared=f"The release before cannot be read ({error}).")
        connection.execute(f"attach {literal(database)} as after (read_only)")
        old = _columns_by_table(connection)
        changes = [
            _compare_table(connection, table, old[table.name])
            for table in tables
            if table.name in old and table.name not in _NOT_COMPARED
        ]
        return Changes(
            identity.version,
            as_of,
            previous_version,
            previous_as_of,
            tables_added=sorted({table.name for table in tables} - old.keys()),
            tables_removed=sorted(old.keys() - {table.name for table in tables}),
            tables=[change for change in changes if change is not None],
            checks=_checks_that_changed(connection),
        )


def _columns_by_table(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Types by column by table of the release before."""
    columns: dict[str, dict[str, str]] = {}
    for table, column, data_type in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where database_name = 'before' and schema_name = 'main' and not internal"
    ).fetchall():
        columns.setdefault(table, {})[column] = data_type
    return columns


def _compare_table(
    connection: duckdb.DuckDBPyConnection, table: PublishedTable, old_types: Mapping[str, str]
) -> TableChange | None:
    """None where nothing differs."""
    key, names = table.primary_key, [column.name for column in table.columns]
    columns_added = [name for name in names if name not in old_types]
    columns_removed = [name for name in old_types if name not in names]
    before, after = (
        connection.execute(f"select count(*) from {side}.main.{table.name}").fetchall()[0][0]
        for side in ("before", "after")
    )
    if not _identifies_rows(connection, table, old_types):
        return TableChange(table.name, key, before, after, None, None, None, {}, columns_added, columns_removed)
    _pair_rows(connection, table, old_types)
    ((added, removed, revised, *ends),) = connection.execute(
        "select count(*) filter (was is null), count(*) filter (stays is null), count(*) filter (was and stays),"
        f" {_key_ends(key)} from paired"
    ).fetchall()
    if not (added or removed or revised or columns_added or columns_removed):
        return None
    columns = connection.execute(
        f"select change.name, count(*), sum(change.difference), {_key_ends(key)}"
        f" from (select {_listed(key)}, unnest(changes) as change from paired) group by change.name"
    ).fetchall()
    by_name = {
        name: ColumnChange(name, rows, _key_range(key, between), total) for name, rows, total, *between in columns
    }
    return TableChange(
        table.name,
        key,
        before,
        after,
        added,
        removed,
        revised,
        _key_range(key, ends),
        columns_added,
        columns_removed,
        [by_name[name] for name in names if name in by_name],
    )


def _identifies_rows(
    connection: duckdb.DuckDBPyConnection, table: PublishedTable, old_types: Mapping[str, str]
) -> bool:
    """Whether the primary key told rows apart in the release before as well."""
    types = {column.name: column.data_type for column in table.columns}
    if any(old_types.get(name) != types[name] for name in table.primary_key):
        return False
    return connection.execute(
        f"select count(*) = count(distinct row({_listed(table.primary_key)})) from before.main.{table.name}"
    ).fetchall()[0][0]


def _pair_rows(connection: duckdb.DuckDBPyConnection, table: PublishedTable, old_types: Mapping[str, str]) -> None:
    """Make the table `paired`: rows of before and after that differ, with their key and a list of changed columns."""
    compared = [
        column
        for column in table.columns
        if column.name in old_types and column.name not in table.primary_key and column.name not in _MOVING_COLUMNS
    ]
    structs = ", ".join(
        f"{{name: {literal(column.name)}, changed: {_differs(column, old_types[column.name])},"
        f" difference: {_difference(table, column)}}}"
        for column in compared
    )
    connection.execute(f"""
        create or replace temp table paired as
        with pairs as (
            select
                {", ".join(f'coalesce(n."{key}", o."{key}") as "{key}"' for key in table.primary_key)},
                o.was,
                n.stays,
                {f"list_filter([{structs}], lambda entry: entry.changed)" if structs else "[]"} as changes
            from (select *, true as was from before.main.{table.name}) as o
            full join (select *, true as stays from after.main.{table.name}) as n
                on {" and ".join(f'o."{key}" is not distinct from n."{key}"' for key in table.primary_key)}
        )
        select * replace (if(was and stays, changes, []) as changes)
        from pairs
        where was is null or stays is null or len(changes) > 0
    """)


def _differs(column: Column, old_type: str) -> str:
    new, old = f'n."{column.name}"', f'o."{column.name}"'
    if old_type != column.data_type:
        return f"({new}::varchar is distinct from {old}::varchar)"
    if column.data_type in FRACTIONS:
        return unequal_fractions(new, old)
    return f"({new} is distinct from {old})"


def unequal_fractions(new: str, old: str) -> str:
    """SQL that is true where two fractions differ by more than the order of a sum, or one is null."""
    unequal = f"abs({new} - {old}) > {_SAME_WITHIN} * greatest(abs({new}), abs({old}))"
    return f"coalesce({unequal}, {new} is distinct from {old})"


def _difference(table: PublishedTable, column: Column) -> str:
    """New less old, where it may be summed over rows: persons counted by days or periods that do not overlap."""
    types = {of.name: of.data_type for of in table.columns}
    by_date = len(table.primary_key) == 1 and types[table.primary_key[0]] == "DATE"
    by_vintage = table.primary_key[0] in _MOVING_COLUMNS
    if by_date and not by_vintage and column.unit == "persons" and not column.name.endswith("_cum"):
        new, old = (f'coalesce(try_cast({side}."{column.name}" as double), 0)' for side in "no")
        return f"{new} - {old}"
    return "null::double"


def _checks_that_changed(connection: duckdb.DuckDBPyConnection) -> list[CheckChange]:
    def colour(side: str) -> str:
        return f"select asset, check_name, if(passed, 'passed', severity) as colour from {side}.main.quality_checks"

    rows = connection.execute(f"""
        select asset, check_name, o.colour, n.colour, latest.measured, coalesce(latest.meaning, earlier.meaning, '')
        from ({colour("before")}) as o
        full join ({colour("after")}) as n using (asset, check_name)
        left join after.main.quality_checks as latest using (asset, check_name)
        left join before.main.quality_checks as earlier using (asset, check_name)
        where o.colour is distinct from n.colour
        order by asset, check_name
    """).fetchall()
    return [CheckChange(*row) for row in rows]


def _key_ends(key: Sequence[str]) -> str:
    return ", ".join(f'min("{name}")::varchar, max("{name}")::varchar' for name in key)


def _key_range(key: Sequence[str], ends: Sequence[str | None]) -> dict[str, tuple[str | None, str | None]]:
    return dict(zip(key, zip(ends[::2], ends[1::2], strict=True), strict=True))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
