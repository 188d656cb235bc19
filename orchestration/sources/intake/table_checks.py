"""Checks of the observation tables: what is measured, what is allowed and why, and what a failure means to a reader.

What belongs here: what dbt cannot judge - whether a table has its columns and rows at all, its age at the last pull,
and what is compared with the shipped figures - as pure functions over Parquet files. What does not: whether a file
could be read (its parser), and what a series must hold (dbt tests of the sources, beside their staging).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow.parquet as pq

from orchestration.dbt import thresholds
from orchestration.sources import SOURCES, TABLES
from orchestration.sources.base import Source

Severity = Literal["error", "warn"]


@dataclass(frozen=True)
class Outcome:
    """What a check measured, in words, and whether that is allowed.

    `is_alarm` marks a failure of a warning that somebody should act on: it is shown and told as an error, and stops no
    release all the same.
    """

    passed: bool
    measured: str
    is_alarm: bool = False


@dataclass(frozen=True)
class Measurement:
    """What a check may look at: the observation tables, the shipped row counts and today's date (UTC).

    `pulled_on` gives the day (UTC) of each source's last complete pull; one that was never pulled is not in it.
    """

    observations_dir: Path
    shipped_rows: dict[str, int]
    today: date
    pulled_on: Mapping[str, date] = field(default_factory=dict)

    def table_path(self, table: str) -> Path:
        """The Parquet file of an observation table."""
        return self.observations_dir / f"{table}.parquet"

    def query(self, sql: str) -> list[tuple]:
        """Rows of an SQL query in which {table} stands for an observation table's file."""
        tables = {table: f"read_parquet('{self.table_path(table)}')" for table in TABLES}
        with duckdb.connect() as connection:
            return connection.execute(sql.format(**tables)).fetchall()


@dataclass(frozen=True)
class Check:
    """One check of one observation table.

    A failing check of severity error stops the models from being built on the table; warn says: look.
    """

    table: str
    name: str
    severity: Severity
    meaning: str
    threshold: str
    measure: Callable[[Measurement], Outcome]


def observation_checks() -> list[Check]:
    """All checks of observation tables, in the order in which they are worth reading."""
    checks: list[Check] = []
    for source in SOURCES.values():
        for table in source.table_names:
            checks += [_schema_check(table), _row_count_check(table)]
        if source.cadence_days is not None:  # a closed series cannot be late
            checks.append(_freshness_check(source, source.cadence_days))
        checks += source.checks()
    return checks


def _schema_check(table: str) -> Check:
    def measure(data: Measurement) -> Outcome:
        expected = TABLES[table].schema
        found = pq.read_schema(data.table_path(table))
        differing = sorted(
            {f"{field.name} {field.type}" for field in expected} ^ {f"{field.name} {field.type}" for field in found}
        )
        return Outcome(not differing, ", ".join(differing) or f"{len(found.names)} columns as declared")

    return Check(
        table,
        f"{table}_schema",
        "error",
        "A column is missing, new or of another type, so figures could be read as something they are not.",
        "the declared columns and types",
        measure,
    )


ROW_FLOOR_SHARE = thresholds.number("row_floor_share")


def _row_count_check(table: str) -> Check:
    def measure(data: Measurement) -> Outcome:
        rows = pq.read_metadata(data.table_path(table)).num_rows
        shipped = data.shipped_rows.get(table)
        if shipped is None:  # a source that nothing is shipped of may be as empty as it comes
            return Outcome(True, f"{rows:,} rows, none shipped")
        return Outcome(rows > 0 and rows >= shipped * ROW_FLOOR_SHARE, f"{rows:,} rows")

    return Check(
        table,
        f"{table}_row_count",
        "error",
        "Rows of the past are missing, so totals would fall without anybody having been taken off the list.",
        f"at least {ROW_FLOOR_SHARE:.0%} of the shipped rows",
        measure,
    )


def _freshness_check(source: Source, cadence_days: int) -> Check:
    table, dated_by = source.tables[-1].name, source.tables[-1].dated_by

    def measure(data: Measurement) -> Outcome:
        ((newest,),) = data.query(f"select max({dated_by})::date from {{{table}}}")
        if newest is None:
            return Outcome(False, "no rows")
        age = (data.today - newest).days
        pulled_on = data.pulled_on.get(source.name)
        # Figures that nobody asked for grow old by themselves; only where upstream was asked has it stopped.
        stopped = (
            source.alarm_days is not None and pulled_on is not None and (pulled_on - newest).days > source.alarm_days
        )
        asked = f"asked on {pulled_on}" if pulled_on else "never asked since they were shipped"
        return Outcome(age <= cadence_days, f"{age} days since {newest}, {asked}", is_alarm=stopped)

    meaning = (
        "The newest figures are older than this source's rhythm: right as of their date, but newer ones may exist."
    )
    threshold = f"at most {cadence_days} days, the source's own rhythm and some slack"
    if source.alarm_days is not None:
        meaning += " An error where upstream was asked and has had nothing new for so long that it must have stopped."
        threshold += f"; error where upstream was asked over {source.alarm_days} days after them"
    return Check(table, f"{source.name}_fresh", "warn", meaning, threshold, measure)
