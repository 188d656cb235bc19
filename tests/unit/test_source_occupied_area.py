"""Occupied area: strict GeoJSON, geodesic areas, differences, and the cache of what was measured."""

import json
from datetime import UTC, datetime

import pytest
from pyproj import Geod
from shapely.geometry import MultiPolygon, Polygon, box, mapping

from orchestration.sources import SOURCES, TABLES, tables
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.intake.archive import Archive, blob_sha
from orchestration.sources.intake.gate import Reader
from orchestration.sources.occupied_area.geodesy import area_km2
from orchestration.sources.occupied_area.source import CACHE

SOURCE = SOURCES["occupied_area"]

NAME = "data/deepstatemap_data_20240801.geojson"
WEST, EAST = box(30, 48, 31, 49), box(31, 48, 32, 49)


def geojson(geometry, **changes):
    feature = {"type": "Feature", "properties": {}, "geometry": mapping(geometry)}
    return {"type": "FeatureCollection", "features": [feature]} | changes


def encoded(document):
    return json.dumps(document).encode()


def geod_km2(polygon):
    return abs(Geod(ellps="WGS84").geometry_area_perimeter(polygon)[0]) / 1e6


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "raw", now=lambda: datetime(2024, 9, 1, tzinfo=UTC))


@pytest.fixture
def observe(tmp_path):
    def run(days, shipped=None, cache=None):
        archive = Archive(
            tmp_path / f"raw{len(list(tmp_path.iterdir()))}", now=lambda: datetime(2024, 9, 1, tzinfo=UTC)
        )
        for day, geometry in days.items():
            # A space a day keeps the blob shas apart where the polygons are the same.
            content = encoded(geojson(geometry)) + b" " * int(day[-2:])
            archive.store("occupied_area", f"data/deepstatemap_data_{day}.geojson", content, blob_sha(content))
        known = tables.empty(TABLES["occupied_area"]) if shipped is None else shipped
        workspace = cache or archive.root
        result = SOURCE.assemble(
            archive.files("occupied_area", ["new"]), {"occupied_area": known}, Reader(SOURCE), workspace
        )
        return result["occupied_area"]

    def short(days, *args, **kwargs):
        # Days as small numbers: 1 is 2024-08-01.
        return run({f"202408{day:02d}": geometry for day, geometry in days.items()}, *args, **kwargs)

    return short


def test_the_area_is_geodesic_and_takes_holes_away_however_rings_run():
    hole = Polygon(WEST.exterior.coords, [box(30.2, 48.2, 30.4, 48.4).exterior.coords])
    reversed_hole = Polygon(WEST.exterior.coords, [list(box(30.2, 48.2, 30.4, 48.4).exterior.coords)[::-1]])
    expected = geod_km2(WEST) - geod_km2(box(30.2, 48.2, 30.4, 48.4))
    assert area_km2(hole) == pytest.approx(expected, abs=1e-9)
    assert area_km2(reversed_hole) == pytest.approx(expected, abs=1e-9)
    mixed = MultiPolygon([Polygon(list(WEST.exterior.coords)[::-1]), box(33, 48, 34, 49)])
    assert area_km2(mixed) == pytest.approx(geod_km2(WEST) + geod_km2(box(33, 48, 34, 49)), abs=1e-9)
    assert 8_000 < area_km2(WEST) < 8_300


def test_gained_and_lost_are_the_areas_of_the_differences(observe):
    table = observe({1: WEST, 2: box(30.5, 48, 31.25, 49)})
    first, second = table.itertuples()
    assert first.occupied_km2 == pytest.approx(geod_km2(WEST), abs=1e-6)
    assert table[["previous_date", "gained_km2", "lost_km2"]].iloc[0].isna().all()
    assert str(second.previous_date.date()) == "2024-08-01"
    assert second.gained_km2 == pytest.approx(geod_km2(box(31, 48, 31.25, 49)), abs=1e-6)
    assert second.lost_km2 == pytest.approx(geod_km2(box(30, 48, 30.5, 49)), abs=1e-6)
    # Cutting a long edge moves it off its geodesic: on edges of a degree by some hundredths of a km².
    assert second.occupied_km2 - first.occupied_km2 == pytest.approx(second.gained_km2 - second.lost_km2, abs=0.1)
    assert second.gained_km2 == round(second.gained_km2, 6)


def test_a_missing_day_is_spanned_and_an_unchanged_map_changes_nothing(observe):
    table = observe({1: WEST, 4: WEST})
    assert str(table["previous_date"].iloc[1].date()) == "2024-08-01"
    assert table[["gained_km2", "lost_km2"]].iloc[1].tolist() == [0.0, 0.0]


def test_embedded_and_pulled_give_what_pulled_alone_gives(observe):
    days = {1: WEST, 2: box(30, 48, 31.5, 49), 3: EAST}
    whole = observe(days)
    assert observe({}, whole).equals(whole)
    assert observe(days, observe({1: WEST, 2: EAST})).equals(whole)
    # Only the last day was pulled, the shipped days before it have no polygon: what they carry stays.
    assert observe({3: EAST}, whole).equals(whole)


def test_no_difference_is_made_up_where_a_polygon_is_missing(observe):
    shipped = observe({1: WEST, 3: EAST})
    table = observe({2: WEST, 4: WEST}, shipped)
    assert table["previous_date"].dt.day.tolist()[1:] == [1, 2, 3]
    assert table[["gained_km2", "lost_km2"]].isna().all(axis=None)
    # A level that was revised makes the shipped difference to it void.
    revised = observe({1: box(30, 48, 30.5, 49)}, shipped)
    assert revised["occupied_km2"].iloc[0] < shipped["occupied_km2"].iloc[0]
    assert revised[["gained_km2", "lost_km2"]].iloc[1].isna().all()
    revised_end = observe({3: box(30, 48, 30.5, 49)}, shipped)
    assert revised_end[["gained_km2", "lost_km2"]].iloc[1].isna().all()


def test_what_was_measured_is_not_measured_again(observe, tmp_path, monkeypatch):
    cache = tmp_path / "workspace"
    first = observe({1: WEST, 2: EAST}, cache=cache)

    read = []
    original = SOURCE.parse
    monkeypatch.setattr(SOURCE, "parse", lambda content, path: read.append(path) or original(content, path))
    assert observe({1: WEST, 2: EAST}, cache=cache).equals(first)
    assert read == []
    grown = observe({1: WEST, 2: EAST, 3: WEST}, cache=cache)
    assert sorted(path[-12:-8] for path in read) == ["0802", "0803"]
    assert grown.equals(observe({1: WEST, 2: EAST, 3: WEST}))
    assert grown.iloc[:2].equals(first)
    (cache / CACHE).write_bytes(b"PAR1 damaged")
    assert observe({1: WEST, 2: EAST}, cache=cache).equals(first)


BOW_TIE = Polygon([(30, 48), (31, 49), (31, 48), (30, 49)])
FEATURE = geojson(WEST)["features"][0]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (geojson(BOW_TIE), "is invalid: Self-intersection"),
        (geojson(WEST, features=[]), "holds 0 features"),
        (geojson(WEST, features=[FEATURE, FEATURE]), "holds 2 features"),
        (geojson(WEST, features=None), "holds no features"),
        (geojson(WEST, type="Feature"), "no GeoJSON FeatureCollection"),
        (geojson(WEST, crs={"type": "name", "properties": {"name": "EPSG:3857"}}), "key 'crs': is 'EPSG:3857'"),
        (geojson(WEST.exterior), "is LinearRing, expected Polygon"),
        (geojson(Polygon()), "is empty"),
        (geojson(box(48, 30, 49, 31)), "reaches outside"),
        (geojson(WEST, features=[{"type": "Feature", "geometry": None}]), "is None, expected Polygon"),
        (geojson(WEST, features=[{"geometry": {"type": "Polygon", "coordinates": [[["a", 1]]]}}]), "cannot be read"),
        (geojson(WEST, features=[{"geometry": {"type": "Polygon"}}]), "cannot be read"),
        ([], "no GeoJSON FeatureCollection"),
    ],
)
def test_a_map_of_another_shape_is_refused(document, said):
    with pytest.raises(SourceFormatError, match=r"deepstatemap_data_20240801\.geojson: ") as caught:
        SOURCE.parse(encoded(document), NAME)
    assert said in str(caught.value)


@pytest.mark.parametrize("name", ["data/deepstatemap_data_20241301.geojson", "data/latest.geojson"])
def test_the_date_comes_from_the_name(name):
    with pytest.raises(SourceFormatError, match="file name"):
        SOURCE.parse(encoded(geojson(WEST)), name)


def test_a_cut_map_and_a_web_page_are_refused():
    with pytest.raises(SourceFormatError, match="cut short"):
        SOURCE.parse(encoded(geojson(WEST))[:100], NAME)
    with pytest.raises(SourceFormatError, match="web page"):
        SOURCE.parse(b"<html></html>", NAME)


def test_the_usual_reference_system_may_be_named_or_not():
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    for document in (geojson(WEST), geojson(WEST, crs=crs), geojson(MultiPolygon([WEST]))):
        assert len(SOURCE.parse(encoded(document), NAME)) == 1
