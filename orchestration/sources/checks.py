"""What a check of an observation table in Python is, and what it may look at.

What belongs here: the contract. What does not: the checks every table has (`intake.table_checks`), and those of one
source (its folder).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb

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
        with duckdb.connect() as connection:
            return connection.execute(re.sub(r"\{(\w+)\}", self._file_of, sql)).fetchall()

    def _file_of(self, table: re.Match[str]) -> str:
        return f"read_parquet('{self.table_path(table[1])}')"


@dataclass(frozen=True)
class Check:
    """One check of one observation table.

    A failing check of severity error stops the models from being built on the table; warn says: look. `also_reads`
    names tables of other sources that it looks at: it waits for them.
    """

    table: str
    name: str
    severity: Severity
    meaning: str
    threshold: str
    measure: Callable[[Measurement], Outcome]
    also_reads: tuple[str, ...] = ()
