"""Areas by day: levels, and what was gained and lost between two maps that follow each other. Never geometry.

Gained and lost are the areas of the differences between two polygons, so that a day on which one place is taken and
another given up shows both.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.sources import tables
from orchestration.sources.intake.archive import RawFile, newest_by_path
from orchestration.sources.occupied_area.geodesy import gained_and_lost_km2
from orchestration.sources.occupied_area.source import OCCUPIED_AREA


@dataclass(frozen=True)
class Measured:
    """Areas of one file in km², against the file before it (null for the first)."""

    occupied_km2: float
    gained_km2: float | None
    lost_km2: float | None


# (blob sha of the file before or None, blob sha of the file) → its areas
Pairs = dict[tuple[str | None, str], Measured]


def areas_by_day(
    shipped: pd.DataFrame,
    files: Sequence[RawFile],
    read: Callable[[RawFile], pd.DataFrame],
    cache: Path,
) -> pd.DataFrame:
    """Areas by day, from the shipped areas overlaid by daily files; `cache` keeps what was measured before."""
    versions = newest_by_path(files)
    pairs = measure(versions, known := read_cache(cache), read)
    if pairs != known:
        write_cache(cache, {**known, **pairs})

    shipped_rows = {row.area_date.date(): row for row in shipped.itertuples()}
    pulled = {file.dated: file for file in versions}
    rows: list[tuple[date, float, date | None, float | None, float | None]] = []
    for day in sorted(shipped_rows.keys() | pulled.keys()):
        previous, previous_km2 = (rows[-1][0], rows[-1][1]) if rows else (None, None)
        file, before, row = pulled.get(day), pulled.get(previous), shipped_rows.get(day)
        if file is not None and (before is not None or previous is None):
            measured = pairs[before.blob_sha if before else None, file.blob_sha]
            rows.append((day, measured.occupied_km2, previous, measured.gained_km2, measured.lost_km2))
            continue
        occupied_km2 = pairs[None, file.blob_sha].occupied_km2 if file else row.occupied_km2
        # Without both polygons the shipped differences hold, as long as they are between these very two levels.
        same = (
            row is not None and occupied_km2 == row.occupied_km2 and _follows(row, previous, previous_km2, shipped_rows)
        )
        rows.append((day, occupied_km2, previous, row.gained_km2 if same else None, row.lost_km2 if same else None))
    return tables.conform(OCCUPIED_AREA, pd.DataFrame(rows, columns=OCCUPIED_AREA.columns))


def measure(
    files: Sequence[RawFile],
    known: Mapping[tuple[str | None, str], Measured],
    read: Callable[[RawFile], pd.DataFrame],
) -> Pairs:
    """Areas of files in order of date, each against the one before it and by itself; `known` are not measured again.

    GEOS releases the interpreter's lock, so threads use every core. A file is only read where a pair needs it.
    """
    chain = [None, *(file.blob_sha for file in files)]
    wanted = dict.fromkeys([*pairwise(chain), *((None, sha) for sha in chain[1:])])
    missing = [pair for pair in wanted if pair not in known]
    needed = {sha for pair in missing for sha in pair if sha}
    first_file = {file.blob_sha: file for file in files if file.blob_sha in needed}
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        maps = dict(zip(first_file, pool.map(read, first_file.values()), strict=True))

        def measured(pair: tuple[str | None, str]) -> Measured:
            before, current = (maps[sha].iloc[0] if sha else None for sha in pair)
            differences = (
                (None, None) if before is None else gained_and_lost_km2(before["geometry"], current["geometry"])
            )
            return Measured(float(current["occupied_km2"]), *differences)

        fresh = dict(zip(missing, pool.map(measured, missing), strict=True))
    return {pair: known[pair] if pair in known else fresh[pair] for pair in wanted}


def read_cache(path: Path) -> Pairs:
    """Areas measured before, by pair of blob shas; none where there is no readable cache: they are measured anew."""
    try:
        rows = pq.read_table(path, schema=_CACHE).to_pylist()
    except (FileNotFoundError, pa.ArrowInvalid):
        return {}
    return {
        (row["previous_sha"], row["blob_sha"]): Measured(row["occupied_km2"], row["gained_km2"], row["lost_km2"])
        for row in rows
    }


def write_cache(path: Path, pairs: Mapping[tuple[str | None, str], Measured]) -> None:
    """Keep measured areas for the next time."""
    rows = [
        {"previous_sha": before, "blob_sha": sha, **vars(measured)}
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


def _follows(row: object, previous: date | None, previous_km2: float | None, shipped: Mapping[date, object]) -> bool:
    """Whether a shipped row was measured against the day that comes before it now, at the level it has now."""
    if previous is None or row.previous_date != pd.Timestamp(previous):
        return False
    return shipped[previous].occupied_km2 == previous_km2
