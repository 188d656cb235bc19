"""One daily map: a GeoJSON with one MultiPolygon of longitudes and latitudes."""

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from orchestration.sources import parsing
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.occupied_area.geodesy import DECIMALS_KM2, area_km2

_NAME = r"deepstatemap_data_(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})\.geojson$"
_CRS84 = "urn:ogc:def:crs:OGC:1.3:CRS84"
# Degrees west, south, east, north, generously around Ukraine: swapped axes or another projection fall outside.
_BOUNDS = (20.0, 43.0, 42.0, 54.0)


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
            "occupied_km2": [round(area_km2(geometry), DECIMALS_KM2)],
        }
    )


def _geometry(feature: object, path: str) -> BaseGeometry:
    where = "the feature's geometry"
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
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
