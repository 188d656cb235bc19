"""Geodesic areas on WGS 84, in km²."""

import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

_WGS84 = Geod(ellps="WGS84")
_M2_PER_KM2 = 1_000_000
# 1 m²: far below what the map can mean, far above what the order of floating point sums moves.
DECIMALS_KM2 = 6


def area_km2(geometry: BaseGeometry) -> float:
    """Geodesic area on WGS 84 in km², whatever way the rings run; lines and points have none."""
    polygons = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return sum(_ring_m2(p.exterior) - sum(map(_ring_m2, p.interiors)) for p in polygons) / _M2_PER_KM2


def gained_and_lost_km2(before: BaseGeometry, current: BaseGeometry) -> tuple[float, float]:
    """Gained and lost in km². Files often repeat the map of the day before: equal geometry needs no overlay."""
    if shapely.equals_exact(before, current, tolerance=0):
        return 0.0, 0.0
    gained = area_km2(shapely.difference(current, before))
    lost = area_km2(shapely.difference(before, current))
    return round(gained, DECIMALS_KM2), round(lost, DECIMALS_KM2)


def _ring_m2(ring: BaseGeometry) -> float:
    longitude, latitude = shapely.get_coordinates(ring).T.copy()
    return abs(_WGS84.polygon_area_perimeter(longitude, latitude)[0])
