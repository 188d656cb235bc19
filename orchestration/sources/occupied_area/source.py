"""Facts of the source, and which module does what with its files."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.sources.base import DATE, DOUBLE, MB, Read, Tables, TableShape, columns
from orchestration.sources.daily_files import DailyFiles

if TYPE_CHECKING:
    import pandas as pd

    from orchestration.sources.intake.archive import RawFile
    from orchestration.sources.occupied_area.rules import Level

OCCUPIED_AREA = TableShape(
    "occupied_area",
    columns(
        optional=("previous_date", "gained_km2", "lost_km2"),
        area_date=DATE,
        occupied_km2=DOUBLE,
        previous_date=DATE,
        gained_km2=DOUBLE,
        lost_km2=DOUBLE,
    ),
    key=("area_date",),
    dated_by="area_date",
)
# The number rises when areas are measured another way: what an older way measured is then not used again.
CACHE = "occupied_area_measured_1.parquet"


class OccupiedArea(DailyFiles["Level"]):
    """One GeoJSON a day. What leaves this folder are areas in km², never geometry."""

    name = "occupied_area"
    title = "Area of occupied territory by day, derived from DeepState's map"
    publisher = "DeepState"
    repository = "cyterat/deepstate-map-data"
    branch = "main"
    path_pattern = re.compile(r"data/deepstatemap_data_\d{8}\.geojson", re.ASCII)
    path_of_day = "data/deepstatemap_data_{:%Y%m%d}.geojson"
    licence = (
        "GPL-3.0 (repository); DeepState's own terms forbid passing on its geometry: "
        "only areas in km² derived from it are shipped"
    )
    citation = "DeepState (deepstatemap.live), occupied territory by day; daily copies by cyterat/deepstate-map-data"
    # The map is copied every day; two days of slack, single days are missing.
    cadence_days = 3
    max_bytes = 5 * MB  # (86 kB)
    tables = (OCCUPIED_AREA,)
    note = "Geodesic area on WGS 84 computed here. Days are missing; edits of the map move the level by tens of km²."

    def parse(self, content: bytes, path: str) -> "pd.DataFrame":
        """area_date, geometry (valid, longitude and latitude), occupied_km2: one row."""
        from orchestration.sources.occupied_area.parse import parse

        return parse(content, path)

    def assemble(self, files: "Sequence[RawFile]", shipped: Tables, read: Read, workspace: Path) -> Tables:
        """Areas by day, from the shipped ones overlaid by the daily files; what was measured stays in the workspace."""
        from orchestration.sources.occupied_area.areas import areas_by_day
        from orchestration.sources.tables import conform

        areas = areas_by_day(shipped[OCCUPIED_AREA.name], files, read, workspace / CACHE)
        return {OCCUPIED_AREA.name: conform(OCCUPIED_AREA, areas)}

    def state(self, day: date, parsed: "pd.DataFrame") -> "Level":
        """The level of a day."""
        from orchestration.sources.occupied_area.rules import Level

        return Level(day, float(parsed["occupied_km2"].iloc[0]))

    def shipped_states(self, shipped: Tables) -> "Iterable[tuple[date, Callable[[], Level]]]":
        """The shipped levels."""
        from orchestration.sources.occupied_area.rules import Level

        for row in shipped[OCCUPIED_AREA.name].itertuples():
            yield row.area_date.date(), partial(Level, row.area_date.date(), row.occupied_km2)

    def objection(self, candidate: "Level", earlier: "Level | None", later: "Level | None") -> str | None:
        """Whether a level is possible at all, and near those of the days around it."""
        from orchestration.sources.occupied_area.rules import areas

        return areas(candidate, [level for level in (earlier, later) if level])


SOURCE = OccupiedArea()
