"""Facts of the source, and which module does what with its file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.sources.base import DOUBLE, KB, UTC_TIME, Read, Tables, TableShape, columns
from orchestration.sources.whole_series import WholeSeries

if TYPE_CHECKING:
    import pandas as pd

    from orchestration.sources.intake.archive import RawFile

LEVELS = TableShape(
    "occupied_area_2022_23",
    columns(observed_at=UTC_TIME, occupied_km2=DOUBLE),
    key=("observed_at",),
    dated_by="observed_at",
)


class OccupiedArea202223(WholeSeries):
    """One CSV of levels, without polygons; a closed series."""

    name = "occupied_area_2022_23"
    title = "Area of occupied territory, levels from April 2022 to March 2023"
    publisher = "DeepState"
    repository = "conflict-investigations/deepstatemap-territory"
    branch = "master"
    paths = ("deepstate.csv",)
    dated_by = "observed_at"
    licence = "none stated; figures derived from DeepState's map: cite both"
    citation = "DeepState (deepstatemap.live); area levels by conflict-investigations/deepstatemap-territory"
    # A closed series: it ended on 2023-03-16 and cannot become stale.
    cadence_days = None
    max_bytes = 500 * KB  # (26 kB)
    tables = (LEVELS,)
    note = "Closed series of levels, no polygons. Around May 2022 faulty by its author's word."

    def parse(self, content: bytes, path: str) -> "pd.DataFrame":
        """observed_at (UTC), occupied_km2: one row a reading."""
        from orchestration.sources.occupied_area_2022_23.parse import parse

        return parse(content, path)

    def assemble(self, files: "Sequence[RawFile]", shipped: Tables, read: Read, workspace: Path) -> Tables:
        """All readings, from the shipped ones overlaid by the newest file."""
        from orchestration.sources import tables
        from orchestration.sources.intake.archive import newest_by_path

        levels = shipped[LEVELS.name]
        for file in newest_by_path(files):
            levels = tables.overlay(LEVELS, levels, read(file))
        return {LEVELS.name: levels}

    def shipped_series(self, path: str, shipped: Tables) -> "pd.DataFrame":
        """All shipped readings."""
        return shipped[LEVELS.name]

    def objection(self, known: "pd.DataFrame", candidate: "pd.DataFrame") -> str | None:
        """Whether readings can replace those accepted."""
        from orchestration.sources.occupied_area_2022_23.rules import readings

        return readings(known, candidate)


SOURCE = OccupiedArea202223()
