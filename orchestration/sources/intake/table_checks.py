"""Checks of the observation tables: what is measured, what is allowed and why, and what a failure means to a reader.

What belongs here: what dbt cannot judge - whether a table has its columns and rows at all, its age at the last pull,
and what is compared with the shipped figures - as pure functions over Parquet files. What does not: whether a file
could be read (its parser), and what a series must hold (dbt tests of the sources, beside their staging).
"""

import pyarrow.parquet as pq

from orchestration.dbt import thresholds
from orchestration.sources import SOURCES, TABLES
from orchestration.sources.base import Source
from orchestration.sources.checks import Check, Measurement, Outcome


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
        if not shipped:  # a table that nothing is shipped of may be as empty as it comes
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
