"""The regions that are known, as dbt's seed `regions` lists them: every name is matched exactly, none is guessed."""

import csv
from datetime import date
from functools import cache

from orchestration.settings import DBT_PROJECT_DIR

PATH = DBT_PROJECT_DIR / "seeds" / "regions.csv"


def regions(day: date) -> dict[str, str]:
    """The Russian name of each region by its English one, as upstream writes them in a vintage of that day."""
    return {
        row["region"]: row["region_ru"]
        for row in _rows()
        if row["held_from"] <= day.isoformat() <= (row["held_until"] or date.max.isoformat())
    }


@cache
def _rows() -> list[dict[str, str]]:
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
