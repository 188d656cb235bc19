"""Upstream files of our own making, for nights that go on where the shipped figures end.

The series continue the shipped ones by small made-up steps, so that they are as plausible as real nights; nothing in
them is anybody's figure, and no polygon is anybody's map (areas are plain rectangles of the right size).
"""

import json
from datetime import timedelta
from pathlib import Path

import pandas as pd
from pyproj import Geod

from orchestration.settings import SHIPPED_DIR
from orchestration.sources import SOURCES
from orchestration.sources.confirmed_deaths.parse import FIRST_DAY
from orchestration.sources.confirmed_deaths.vintages import rebuild
from orchestration.sources.deaths_by_branch.parse import BRANCHES
from orchestration.sources.intake.shipped import read_shipped

_GEOD = Geod(ellps="WGS84")
# A rectangle of this width and height (degrees) near 47° N, 30° E covers about as much as the shipped level.
_WEST, _SOUTH, _WIDTH = 30.0, 46.0, 6.0


def write_night(root: Path, night: int) -> None:
    """Write what upstream would hold after so many nights (0 is the last shipped one) under OWNER/REPO/BRANCH/PATH."""
    shipped = read_shipped(SHIPPED_DIR)
    _write_confirmed_deaths(root, shipped, night)
    _write_claimed_losses(root, shipped, night)
    _write_claimed_losses_second(root, shipped, night)
    _write_areas(root, shipped, night)
    # The closed series, the weekly exports and the map by region are revised once, in the first night.
    if night <= 1:
        _write_levels(root, shipped, revised=night == 1)
        _write_weekly(root, shipped, revised=night == 1)
        _write_regions(root, shipped, revised=night == 1)


def _folder(root: Path, source: str) -> Path:
    folder = root / SOURCES[source].repository / SOURCES[source].branch
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_confirmed_deaths(root: Path, shipped: dict[str, pd.DataFrame], night: int) -> None:
    newest = rebuild(shipped["confirmed_deaths"], shipped["confirmed_deaths_vintages"])[-1]
    counts = newest.counts.copy()
    day = newest.last_seen + timedelta(days=night)
    # The list grows in every third file, as upstream repeats its content between issues.
    for step in range(night // 3 + 1 if night else 0):
        for back in range(20):
            counts[-1 - 10 * back] += 20 + step % 2
    lines = ["date,change,total"]
    for index, (count, total) in enumerate(zip(counts, counts.cumsum(), strict=True)):
        lines.append(f"{FIRST_DAY + timedelta(days=index)},{count},{total}")
    _write(_folder(root, "confirmed_deaths") / "docs" / f"{day}_cumsum.csv", "\n".join(lines) + "\n")


def _write_claimed_losses(root: Path, shipped: dict[str, pd.DataFrame], night: int) -> None:
    wide = shipped["claimed_losses"].pivot(index="report_date", columns="category", values="claimed_losses_cum")
    last = wide.iloc[-1].dropna()
    for step in range(1, night + 1):
        wide.loc[wide.index[-1] + pd.Timedelta(days=1), last.index] = last + 10 * step
    personnel, equipment = [], []
    for number, (day, row) in enumerate(wide.iterrows(), start=2):
        known = row.dropna().astype(int)
        stamp = {"date": f"{day:%Y-%m-%d}", "day": number}
        pow_ = {"POW": int(known["pow"])} if "pow" in known else {}
        personnel.append(stamp | {"personnel": int(known["personnel"]), "personnel*": "about"} | pow_)
        kinds = known.drop(["personnel", "pow"], errors="ignore")
        equipment.append(stamp | {kind.replace("_", " "): int(count) for kind, count in kinds.items()})
    folder = _folder(root, "claimed_losses") / "data"
    _write(folder / "russia_losses_personnel.json", json.dumps(personnel))
    _write(folder / "russia_losses_equipment.json", json.dumps(equipment))
    corrections = shipped["claimed_losses"].query("correction != 0")
    kinds = [kind for kind in last.index if kind != "pow"]
    rows = []
    for day, corrected in corrections.groupby("report_date"):
        figures = corrected.set_index("category")["correction"].reindex(kinds, fill_value=0).astype(int)
        named = {kind.replace("_", " "): int(figure) for kind, figure in figures.items()}
        rows.append({"date": f"{day:%Y-%m-%d}", "day": 1} | named)
    _write(folder / "russia_losses_equipment_correction.json", json.dumps(rows))


def _write_claimed_losses_second(root: Path, shipped: dict[str, pd.DataFrame], night: int) -> None:
    wide = shipped["claimed_losses_second"].pivot(index="report_date", columns="category", values="claimed_losses_cum")
    addresses = shipped["claimed_losses_second_reports"].set_index("report_date")["source_url"]
    last = wide.iloc[-1].dropna()
    for step in range(1, night + 1):
        wide.loc[wide.index[-1] + pd.Timedelta(days=1), last.index] = last + 10 * step
    days = [
        {"date": f"{day:%Y-%m-%d}", "sourceUri": addresses.get(day, f"https://example.org/{day:%Y-%m-%d}")}
        | {_in_camel_case(kind): None if pd.isna(figure) else int(figure) for kind, figure in row.items()}
        for day, row in wide.iloc[::-1].iterrows()
    ]
    _write(_folder(root, "claimed_losses_second") / "russian-losses.json", json.dumps(days))


def _in_camel_case(category: str) -> str:
    first, *others = category.split("_")
    return first + "".join(map(str.title, others))


def _write_areas(root: Path, shipped: dict[str, pd.DataFrame], night: int) -> None:
    last = shipped["occupied_area"].iloc[-1]
    km2 = last["occupied_km2"] + 9.0 * night
    height = 2.0
    for _ in range(6):  # area is nearly linear in height
        height *= km2 / (_rectangle_km2(height))
    day = last["area_date"] + pd.Timedelta(days=night)
    _write(
        _folder(root, "occupied_area") / "data" / f"deepstatemap_data_{day:%Y%m%d}.geojson",
        json.dumps(
            {
                "type": "FeatureCollection",
                "name": f"deepstatemap_data_{day:%Y%m%d}",
                "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
                "features": [
                    {
                        "type": "Feature",
                        "properties": {},
                        "geometry": {"type": "MultiPolygon", "coordinates": [[_rectangle(height)]]},
                    }
                ],
            }
        ),
    )


def _rectangle(height: float) -> list[list[float]]:
    west, south, east, north = _WEST, _SOUTH, _WEST + _WIDTH, _SOUTH + height
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _rectangle_km2(height: float) -> float:
    longitudes, latitudes = zip(*_rectangle(height), strict=True)
    return abs(_GEOD.polygon_area_perimeter(longitudes, latitudes)[0]) / 1e6


def _write_levels(root: Path, shipped: dict[str, pd.DataFrame], *, revised: bool) -> None:
    areas = shipped["occupied_area_2022_23"]["occupied_km2"].copy()
    if revised:
        areas.iloc[-1] += 0.5
    moments = shipped["occupied_area_2022_23"]["observed_at"].dt.tz_localize("UTC")
    frame = pd.DataFrame(
        {
            "date": moments.dt.tz_convert("Europe/Berlin").dt.strftime("%Y-%m-%d %H:%M:%S"),
            "id": (moments - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(seconds=1),
            "area": areas,
        }
    )
    _write(_folder(root, "occupied_area_2022_23") / "deepstate.csv", frame.to_csv(index=False))


def _write_weekly(root: Path, shipped: dict[str, pd.DataFrame], *, revised: bool) -> None:
    """The two weekly exports; with the shipped figures they are no new release, revised they are."""
    folder = _folder(root, "probate_estimates") / "scripts" / "mediazona" / "source"
    probate = shipped["probate_estimates"]
    probate = probate[probate["as_of"] == probate["as_of"].max()]
    lines = [
        f'"{row.week_start:%d.%m.%Y}",{row.documented_deaths},{row.probate_estimate * (1.01 if revised else 1)!r}'
        for row in probate.itertuples()
    ]
    _write(folder / "probate_registry_estimate.csv", "\n".join(["week,real,rnd", *lines]) + "\n")
    branches = shipped["deaths_by_branch"]
    branches = branches[branches["as_of"] == branches["as_of"].max()]
    wide = branches.pivot(index="week_start", columns="branch", values="confirmed_deaths")
    if revised:
        wide["vol"] += 1
    totals = wide.sum(axis=1)
    lines = [
        f'"{week:%d.%m.%Y}",{totals[week]},' + ",".join(str(wide.loc[week, column] or "") for column in BRANCHES)
        for week in wide.index
    ]
    header = ",".join(["week_start", "total", *BRANCHES])
    _write(folder / "confirmed_losses_per_week.csv", "\n".join([header, *lines]) + "\n")


def _write_regions(root: Path, shipped: dict[str, pd.DataFrame], *, revised: bool) -> None:
    """The newest map by region; with the shipped figures it is no new vintage, revised it is."""
    regions = shipped["deaths_by_region"]
    regions = regions[regions["as_of"] == regions["as_of"].max()]
    lines = [
        f"{row.region},{row.region_ru},1,{row.confirmed_deaths + (row.confirmed_deaths > 100 and revised)}"
        for row in regions.itertuples()
    ]
    header = "\ufeffregion_en,region_ru,settlements,total_deaths_full"
    _write(_folder(root, "deaths_by_region") / "powerbi" / "regions.csv", "\n".join([header, *lines]) + "\n")
