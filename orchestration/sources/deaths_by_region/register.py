"""The regions that are known, as dbt's seed `regions` lists them: every name is matched exactly, none is guessed."""

import csv
from functools import cache

from orchestration.settings import DBT_PROJECT_DIR

PATH = DBT_PROJECT_DIR / "seeds" / "regions.csv"


@cache
def regions() -> dict[str, str]:
    """The Russian name of each region by its English one, both as upstream writes them."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return {row["region"]: row["region_ru"] for row in csv.DictReader(file)}
