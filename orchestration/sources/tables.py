"""The observation tables as they are written and read: one Parquet file a table under `<data>/observations`.

What belongs here: what holds for every table. What does not: their shape and how a source fills them (its folder), and
the shipped copy of them (`intake.shipped`).
"""

import os
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.sources.base import TableShape


def to_arrow(table: TableShape, frame: pd.DataFrame) -> pa.Table:
    """The frame with the table's columns, types and order of rows; lossy types, nulls and double keys are errors."""
    name = table.name
    if set(frame.columns) != set(table.columns):
        raise ValueError(f"observation table {name} has columns {table.columns}, not {list(frame.columns)}")
    for field in table.schema:
        days = frame[field.name]
        if (
            field.type == pa.date32()
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


def conform(table: TableShape, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as every reader of the table sees it: dates as datetime64, counts as int32, sorted by key."""
    return _to_pandas(to_arrow(table, frame))


def empty(table: TableShape) -> pd.DataFrame:
    """The table without rows."""
    return _to_pandas(table.schema.empty_table())


def overlay(table: TableShape, base: pd.DataFrame, newer: pd.DataFrame) -> pd.DataFrame:
    """Rows of both; on the same key the newer row."""
    both = pd.concat([base, newer], ignore_index=True) if len(base) else newer
    return conform(table, both.drop_duplicates(list(table.key), keep="last"))


def last_observation(shapes: Iterable[TableShape], tables: Mapping[str, pd.DataFrame]) -> date | None:
    """The newest date in the tables of these shapes, by the column that dates each; None where all are empty."""
    newest = [tables[shape.name][shape.dated_by].max() for shape in shapes if len(tables[shape.name])]
    return max(newest).date() if newest else None


def write_tables(directory: Path, shapes: Iterable[TableShape], tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables of these shapes as Parquet. All are complete on disk before the first replaces its predecessor."""
    directory.mkdir(parents=True, exist_ok=True)
    ready: list[tuple[Path, Path]] = []
    for shape in shapes:
        target = directory / f"{shape.name}.parquet"
        part = directory / f".{target.name}.part"
        write_parquet(part, to_arrow(shape, tables[shape.name]))
        ready.append((part, target))
    for part, target in ready:
        part.replace(target)


def write_parquet(path: Path, arrow: pa.Table) -> None:
    """Write one Parquet file and see it onto the disk."""
    with path.open("wb") as file:
        pq.write_table(arrow, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())


def read_table(directory: Path, table: TableShape) -> pd.DataFrame:
    """Read one table back; raises FileNotFoundError where it was never written."""
    return _to_pandas(pq.read_table(directory / f"{table.name}.parquet", schema=table.schema))


def _to_pandas(arrow: pa.Table) -> pd.DataFrame:
    return arrow.to_pandas(date_as_object=False)
