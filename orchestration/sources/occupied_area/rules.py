"""Whether a day's area can stand between its accepted neighbours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from orchestration.dbt import thresholds


@dataclass(frozen=True)
class Level:
    """Occupied area in km² on a day."""

    day: date
    occupied_km2: float


def areas(offered: Level, neighbours: Iterable[Level]) -> str | None:
    """The reason why not; None where nothing speaks against it."""
    low, high = thresholds.whole("area_least_km2"), thresholds.whole("area_most_km2")
    neighbour_days, largest_step = thresholds.whole("area_neighbour_days"), thresholds.whole("area_step_km2")
    if not low <= offered.occupied_km2 <= high:
        return (
            f"implausible level: {offered.occupied_km2:,.0f} km² on {offered.day} "
            f"(allowed are {low:,} to {high:,}): a part of the map is missing or another layer was exported"
        )
    for level in neighbours:
        step = offered.occupied_km2 - level.occupied_km2
        if abs((offered.day - level.day).days) <= neighbour_days and abs(step) > largest_step:
            return (
                f"jump: {offered.occupied_km2:,.0f} km² on {offered.day} is {step:+,.0f} km² off the "
                f"{level.occupied_km2:,.0f} of {level.day} (allowed are {largest_step:,})"
            )
    return None
