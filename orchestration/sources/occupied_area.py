"""DeepState's occupied territory: one GeoJSON a day. What leaves this module are areas in km², never geometry.

Areas are geodesic on WGS 84. Gained and lost are the areas of the differences between the polygons of two files that
follow each other, so that a day on which one place is taken and another given up shows both.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import Geod
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from orchestration.sources import observations, parsing
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.intake.archive import RawFile, newest_by_path
from orchestration.sources.observations import Tables
from orchestration.sources.tables import TABLES

_WGS84 = Geod(ellps="WGS84")
_M2_PER_KM2 = 1_000_000
# 1 m²: far below what the map can mean, far above what the order of floating point sums moves.
_DECIMALS_KM2 = 6
_NAME = r"deepstatemap_data_(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})\.geojson$"
_CRS84 = "urn:ogc:def:crs:OGC:1.3:CRS84"
# Degrees west, south, east, north, generously around Ukraine: swapped axes or another projection fall outside.
_BOUNDS = (20.0, 43.0, 42.0, 54.0)


@dataclass(frozen=True)
class Measured:
    """Areas of one file in km², against the file before it (null for the first)."""

    occupied_km2: float
    gained_km2: float | None
    lost_km2: float | None


# (blob sha of the file before or None, blob sha of the file) → its areas
Pairs = dict[tuple[str | None, str], Measured]


def parse(content: bytes, path: str) -> pd.DataFrame:
    """Read one file into one row of area_date, geometry (valid, longitude and latitude), occupied_km2.

    Raises:
        SourceFormatError: the file is not what DeepState's map is exported as.
    """
    area_date = parsing.date_in_name(path, _NAME)
    document = parsing.json_document(content, path)
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise SourceFormatError(path, "whole file", "is no GeoJSON FeatureCollection")
    if document.get("crs") is not None:
        crs = document["crs"]
        name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else crs
        if name != _CRS84:
            raise SourceFormatError(path, "key 'crs'", f"is {name!r}, expected {_CRS84} or none")
    features = document.get("features")
    if not isinstance(features, list) or len(features) != 1:
        found = len(features) if isinstance(features, list) else "no"
        raise SourceFormatError(path, "key 'features'", f"holds {found} features, expected one")
    geometry = _geometry(features[0], path)
    return pd.DataFrame(
        {
            "area_date": [pd.Timestamp(area_date)],
            "geometry": np.array([geometry], dtype=object),
            "occupied_km2": [round(area_km2(geometry), _DECIMALS_KM2)],
        }
    )


def area_km2(geometry: BaseGeometry) -> float:
    """Geodesic area on WGS 84 in km², whatever way the rings run; lines and points have none."""
    polygons = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return sum(_ring_m2(p.exterior) - sum(map(_ring_m2, p.interiors)) for p in polygons) / _M2_PER_KM2


def read(file: RawFile) -> pd.DataFrame:
    """One file of the archive, parsed."""
    return parse(file.read(), file.path)


def observe(
    files: Sequence[RawFile],
    embedded: Tables,
    cache: Path | None = None,
    read: Callable[[RawFile], pd.DataFrame] = read,
) -> Tables:
    """Areas by day, from the embedded areas overlaid by daily files.

    Args:
        files: the accepted files.
        embedded: the shipped areas.
        cache: keeps what was measured before.
        read: parses a file; one that remembers spares those that were read a moment ago.
    """
    versions = newest_by_path(files)
    pairs = measure(versions, known := read_cache(cache) if cache else {}, read)
    if cache and pairs != known:
        write_cache(cache, {**known, **pairs})

    shipped = {row.area_date.date(): row for row in embedded["occupied_area"].itertuples()}
    pulled = {parsing.date_in_name(file.path, _NAME): file for file in versions}
    rows: list[tuple[date, float, date | None, float | None, float | None]] = []
    for day in sorted(shipped.keys() | pulled.keys()):
        previous, previous_km2 = (rows[-1][0], rows[-1][1]) if rows else (None, None)
        file, before, row = pulled.get(day), pulled.get(previous), shipped.get(day)
        if file is not None and (before is not None or previous is None):
            measured = pairs[before.blob_sha if before else None, file.blob_sha]
            rows.append((day, measured.occupied_km2, previous, measured.gained_km2, measured.lost_km2))
            continue
        occupied_km2 = pairs[None, file.blob_sha].occupied_km2 if file else row.occupied_km2
        # Without both polygons the shipped differences hold, as long as they are between these very two levels.
        same = row is not None and occupied_km2 == row.occupied_km2 and _follows(row, previous, previous_km2, shipped)
        rows.append((day, occupied_km2, previous, row.gained_km2 if same else None, row.lost_km2 if same else None))
    frame = pd.DataFrame(rows, columns=TABLES["occupied_area"].columns)
    return {"occupied_area": observations.conform("occupied_area", frame)}


def measure(
    files: Sequence[RawFile],
    known: Mapping[tuple[str | None, str], Measured],
    read: Callable[[RawFile], pd.DataFrame] = read,
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
            differences = (None, None) if before is None else _differences(before["geometry"], current["geometry"])
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
    observations.write_parquet(part, pa.Table.from_pylist(rows, schema=_CACHE))
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


def _geometry(feature: object, path: str) -> BaseGeometry:
    where = "the feature's geometry"
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise SourceFormatError(path, where, f"is {kind}, expected Polygon or MultiPolygon")
    try:
        made = shape(geometry)
    except (ValueError, TypeError, KeyError, IndexError, shapely.errors.ShapelyError) as error:
        raise SourceFormatError(path, where, f"cannot be read ({error})") from None
    if made.is_empty:
        raise SourceFormatError(path, where, "is empty")
    if not made.is_valid:
        raise SourceFormatError(path, where, f"is invalid: {shapely.is_valid_reason(made)}")
    west, south, east, north = made.bounds
    if west < _BOUNDS[0] or south < _BOUNDS[1] or east > _BOUNDS[2] or north > _BOUNDS[3]:
        raise SourceFormatError(path, where, f"reaches outside {_BOUNDS} (degrees west, south, east, north)")
    return made


def _differences(before: BaseGeometry, current: BaseGeometry) -> tuple[float, float]:
    """Gained and lost in km². Files often repeat the map of the day before: equal geometry needs no overlay."""
    if shapely.equals_exact(before, current, tolerance=0):
        return 0.0, 0.0
    gained = area_km2(shapely.difference(current, before))
    lost = area_km2(shapely.difference(before, current))
    return round(gained, _DECIMALS_KM2), round(lost, _DECIMALS_KM2)


def _ring_m2(ring: BaseGeometry) -> float:
    longitude, latitude = shapely.get_coordinates(ring).T.copy()
    return abs(_WGS84.polygon_area_perimeter(longitude, latitude)[0])


def _follows(row: object, previous: date | None, previous_km2: float | None, shipped: Mapping[date, object]) -> bool:
    """Whether a shipped row was measured against the day that comes before it now, at the level it has now."""
    if previous is None or row.previous_date != pd.Timestamp(previous):
        return False
    return shipped[previous].occupied_km2 == previous_km2
