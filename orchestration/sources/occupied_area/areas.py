"""Areas by day: levels, and what was gained and lost between two maps that follow each other. Never geometry.

Gained and lost are the areas of the differences between two polygons, so that a day on which one place is taken and
another given up shows both.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.sources import tables
from orchestration.sources.intake.archive import RawFile, newest_by_path
from orchestration.sources.occupied_area.geodesy import gained_and_lost_km2


@dataclass(frozen=True)
class Measured:
    """Areas of one file in km², against the file before it (null for the first)."""

    occupied_km2: float
    gained_km2: float | None
    lost_km2: float | None

    @property
    def differences(self) -> tuple[float | None, float | None]:
        """Gained and lost."""
        return self.gained_km2, self.lost_km2


@dataclass(frozen=True)
class Row:
    """A row of the table: the level of a day, and gained and lost against the day before it that has one."""

    area_date: date
    occupied_km2: float
    previous_date: date | None
    gained_km2: float | None = None
    lost_km2: float | None = None


_COLUMNS = [field.name for field in fields(Row)]

Pair = tuple[str | None, str]
"""Blob shas of the file before (None: of the file by itself) and of the file."""


def areas_by_day(
    shipped: pd.DataFrame, files: Sequence[RawFile], read: Callable[[RawFile], pd.DataFrame], cache: Path
) -> pd.DataFrame:
    """Areas by day, from the shipped areas overlaid by daily files; `cache` keeps what was measured before."""
    versions = newest_by_path(files)
    pairs = measure(versions, known := read_cache(cache), read)
    if pairs != known:
        write_cache(cache, {**known, **pairs})

    shipped_rows = dict(_shipped_rows(shipped))
    pulled = {file.dated: file.blob_sha for file in versions}
    rows: list[Row] = []
    for day in sorted(shipped_rows.keys() | pulled.keys()):
        previous = rows[-1] if rows else None
        if day not in pulled:
            rows.append(_after(previous, shipped_rows[day].occupied_km2, shipped_rows, day))
        elif previous is None or previous.area_date in pulled:
            before = pulled[previous.area_date] if previous else None
            measured = pairs[before, pulled[day]]
            rows.append(
                Row(day, measured.occupied_km2, previous.area_date if previous else None, *measured.differences)
            )
        else:
            rows.append(_after(previous, pairs[None, pulled[day]].occupied_km2, shipped_rows, day))
    return pd.DataFrame(rows, columns=_COLUMNS)


def _shipped_rows(shipped: pd.DataFrame) -> Iterator[tuple[date, Row]]:
    for area_date, occupied_km2, previous_date, gained_km2, lost_km2 in shipped[_COLUMNS].itertuples(index=False):
        previous = None if pd.isna(previous_date) else previous_date.date()
        yield area_date.date(), Row(area_date.date(), occupied_km2, previous, gained_km2, lost_km2)


def _after(previous: Row | None, occupied_km2: float, shipped: Mapping[date, Row], day: date) -> Row:
    """A level without the polygons to difference it: the shipped differences hold between these very two levels."""
    row = shipped.get(day)
    if (
        row is None
        or previous is None
        or (row.occupied_km2, row.previous_date) != (occupied_km2, previous.area_date)
        or shipped[previous.area_date].occupied_km2 != previous.occupied_km2
    ):
        return Row(day, occupied_km2, previous.area_date if previous else None)
    return row


def measure(
    files: Sequence[RawFile], known: Mapping[Pair, Measured], read: Callable[[RawFile], pd.DataFrame]
) -> dict[Pair, Measured]:
    """Areas of files in order of date, each against the one before it and by itself; `known` are not measured again.

    GEOS releases the interpreter's lock, so threads use every core. A file is only read where a pair needs it.
    """
    shas = [file.blob_sha for file in files]
    alone: list[Pair] = [(None, sha) for sha in shas]
    wanted: dict[Pair, None] = dict.fromkeys([*pairwise(shas), *alone])
    missing = [pair for pair in wanted if pair not in known]
    needed = {sha for pair in missing for sha in pair if sha}
    first_file = {file.blob_sha: file for file in files if file.blob_sha in needed}
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        maps = dict(zip(first_file, pool.map(read, first_file.values()), strict=True))

        def measured(pair: Pair) -> Measured:
            before, current = pair[0], maps[pair[1]].iloc[0]
            if before is None:
                return Measured(float(current["occupied_km2"]), None, None)
            differences = gained_and_lost_km2(maps[before].iloc[0]["geometry"], current["geometry"])
            return Measured(float(current["occupied_km2"]), *differences)

        fresh = dict(zip(missing, pool.map(measured, missing), strict=True))
    return {pair: known[pair] if pair in known else fresh[pair] for pair in wanted}


def read_cache(path: Path) -> dict[Pair, Measured]:
    """Areas measured before, by pair of blob shas; none where there is no readable cache: they are measured anew."""
    try:
        rows = pq.read_table(path, schema=_CACHE).to_pylist()
    except (FileNotFoundError, pa.ArrowInvalid):
        return {}
    return {
        (row["previous_sha"], row["blob_sha"]): Measured(row["occupied_km2"], row["gained_km2"], row["lost_km2"])
        for row in rows
    }


def write_cache(path: Path, pairs: Mapping[Pair, Measured]) -> None:
    """Keep measured areas for the next time."""
    rows = [
        {"previous_sha": before, "blob_sha": sha, **asdict(measured)}
        for (before, sha), measured in sorted(pairs.items(), key=lambda item: (item[0][1], item[0][0] or ""))
    ]
    part = path.with_name(f".{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    tables.write_parquet(part, pa.Table.from_pylist(rows, schema=_CACHE))
    part.replace(path)


_CACHE = pa.schema(
    [
        pa.field("previous_sha", pa.string()),
        pa.field("blob_sha", pa.string()),
        pa.field("occupied_km2", pa.float64()),
        pa.field("gained_km2", pa.float64()),
        pa.field("lost_km2", pa.float64()),
    ]
)
