"""The observation tables: their columns, types and keys in one place, and how they are written and read.

One Parquet file a table under `<data>/observations`. What belongs here: the shape of the tables. What does not: how a
source fills them (its own module) and the shipped copy of them (`embedded`).
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Table:
    """Columns in order, the key rows are unique and sorted by, and the column that says how recent the table is."""

    schema: pa.Schema
    key: tuple[str, ...]
    dated_by: str

    @property
    def columns(self) -> list[str]:
        """Column names in order."""
        return self.schema.names


def _schema(optional: tuple[str, ...] = (), **types: pa.DataType) -> pa.Schema:
    """Columns in order; only the optional ones may be null."""
    return pa.schema([pa.field(name, kind, nullable=name in optional) for name, kind in types.items()])


_DATE, _INT, _DOUBLE, _TEXT = pa.date32(), pa.int32(), pa.float64(), pa.string()
_UTC = pa.timestamp("us")  # times are UTC and written without a zone: DuckDB's TIMESTAMP

TABLES: dict[str, Table] = {
    # Changes of a day's count against the previous vintage: with the vintages, each of them can be rebuilt.
    "confirmed_deaths": Table(
        _schema(as_of=_DATE, death_date=_DATE, change=_INT),
        key=("as_of", "death_date"),
        dated_by="as_of",
    ),
    "confirmed_deaths_vintages": Table(
        _schema(as_of=_DATE, last_seen=_DATE, data_through=_DATE, dated_total=_INT),
        key=("as_of",),
        dated_by="as_of",
    ),
    "claimed_losses": Table(
        _schema(report_date=_DATE, category=_TEXT, claimed_losses_cum=_INT, correction=_INT),
        key=("report_date", "category"),
        dated_by="report_date",
    ),
    "occupied_area": Table(
        _schema(
            optional=("previous_date", "gained_km2", "lost_km2"),
            area_date=_DATE,
            occupied_km2=_DOUBLE,
            previous_date=_DATE,
            gained_km2=_DOUBLE,
            lost_km2=_DOUBLE,
        ),
        key=("area_date",),
        dated_by="area_date",
    ),
    "occupied_area_2022_23": Table(
        _schema(observed_at=_UTC, occupied_km2=_DOUBLE),
        key=("observed_at",),
        dated_by="observed_at",
    ),
    "probate_estimates": Table(
        _schema(as_of=_DATE, week_start=_DATE, documented_deaths=_INT, probate_estimate=_DOUBLE),
        key=("as_of", "week_start"),
        dated_by="as_of",
    ),
    "deaths_by_branch": Table(
        _schema(as_of=_DATE, week_start=_DATE, branch=_TEXT, confirmed_deaths=_INT, week_total=_INT),
        key=("as_of", "week_start", "branch"),
        dated_by="as_of",
    ),
    "source_provenance": Table(
        _schema(
            optional=("last_observation", "last_pulled_at", "upstream_ref", "cadence_days", "alarm_days"),
            source=_TEXT,
            title=_TEXT,
            publisher=_TEXT,
            licence=_TEXT,
            citation=_TEXT,
            url=_TEXT,
            origin=_TEXT,
            last_observation=_DATE,
            last_pulled_at=_UTC,
            row_count=_INT,
            upstream_ref=_TEXT,
            cadence_days=_INT,
            alarm_days=_INT,
            note=_TEXT,
        ),
        key=("source",),
        dated_by="last_observation",
    ),
}


def to_arrow(name: str, frame: pd.DataFrame) -> pa.Table:
    """The frame with the table's columns, types and order of rows; lossy types, nulls and double keys are errors."""
    table = TABLES[name]
    if set(frame.columns) != set(table.columns):
        raise ValueError(f"observation table {name} has columns {table.columns}, not {list(frame.columns)}")
    for field in table.schema:
        days = frame[field.name]
        if (
            field.type == _DATE
            and pd.api.types.is_datetime64_dtype(days)
            and (days != days.dt.normalize())[days.notna()].any()
        ):
            raise ValueError(f"observation table {name}: column {field.name} holds times of day, expected dates")
    try:
        arrow = pa.Table.from_pandas(frame[table.columns], schema=table.schema, preserve_index=False)
    except (pa.ArrowInvalid, ValueError) as error:
        raise ValueError(f"observation table {name}: {error}") from None
    keys = arrow.select(list(table.key))
    if keys.group_by(list(table.key)).aggregate([]).num_rows != keys.num_rows:
        raise ValueError(f"observation table {name}: the key {table.key} is not unique")
    return arrow.sort_by([(column, "ascending") for column in table.key])


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as every reader of the table sees it: dates as datetime64, counts as int32, sorted by key."""
    return _to_pandas(to_arrow(name, frame))


def empty(name: str) -> pd.DataFrame:
    """The table without rows."""
    return _to_pandas(TABLES[name].schema.empty_table())


def overlay(name: str, base: pd.DataFrame, newer: pd.DataFrame) -> pd.DataFrame:
    """Rows of both; on the same key the newer row."""
    both = pd.concat([base, newer], ignore_index=True) if len(base) else newer
    return conform(name, both.drop_duplicates(list(TABLES[name].key), keep="last"))


def last_observation(tables: Mapping[str, pd.DataFrame], names: Iterable[str]) -> pd.Timestamp | None:
    """The newest date in the named tables, by the column that dates each; None where all are empty."""
    newest = [tables[name][TABLES[name].dated_by].max() for name in names if len(tables[name])]
    return max(newest).normalize() if newest else None


def write_tables(directory: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables as Parquet. All are complete on disk before the first replaces its predecessor."""
    directory.mkdir(parents=True, exist_ok=True)
    ready: list[tuple[Path, Path]] = []
    for name, frame in tables.items():
        target = directory / f"{name}.parquet"
        part = directory / f".{name}.parquet.part"
        write_parquet(part, to_arrow(name, frame))
        ready.append((part, target))
    for part, target in ready:
        part.replace(target)


def write_parquet(path: Path, arrow: pa.Table) -> None:
    """Write one Parquet file and see it onto the disk."""
    with path.open("wb") as file:
        pq.write_table(arrow, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())


def read_table(directory: Path, name: str) -> pd.DataFrame:
    """Read one table back; raises FileNotFoundError where it was never written."""
    return _to_pandas(pq.read_table(directory / f"{name}.parquet", schema=TABLES[name].schema))


def _to_pandas(arrow: pa.Table) -> pd.DataFrame:
    return arrow.to_pandas(date_as_object=False)
