"""One CSV, a row a region: its English and Russian name, settlements on the map and names located in it.

What belongs here: the shape of the file. What does not: whether its regions are those that are known (`rules`).
"""

import pandas as pd

from orchestration.sources import parsing
from orchestration.sources.errors import SourceFormatError

COLUMNS = ("region_en", "region_ru", "settlements", "total_deaths_full")


def parse(content: bytes, path: str) -> pd.DataFrame:
    """Read the file into region, region_ru, confirmed_deaths (persons), a row a region; raises SourceFormatError.

    A region twice, a row of totals and more settlements than names located in them are errors.
    """
    rows = parsing.csv_rows(content, path, COLUMNS)
    for column in ("region_en", "region_ru"):
        parsing.labels(rows[column], path)
    deaths = parsing.counts(rows["total_deaths_full"], path)
    settlements = parsing.counts(rows["settlements"], path)
    # A settlement is on the map for the names located in it, so there are never more of them.
    if (settlements > deaths).any():
        line = (settlements > deaths).idxmax()
        problem = f"{settlements[line]} settlements for {deaths[line]} names: columns swapped or a count cut short"
        raise SourceFormatError(path, f"line {line}, column 'settlements'", problem)
    is_total = 2 * deaths == deaths.sum()
    if len(rows) > 2 and is_total.any():
        line = is_total.idxmax()
        problem = f"{rows.loc[line, 'region_en']!r} is the sum of all other rows: a total among the regions"
        raise SourceFormatError(path, f"line {line}", problem)
    return pd.DataFrame(
        {"region": rows["region_en"], "region_ru": rows["region_ru"], "confirmed_deaths": deaths}
    ).reset_index(drop=True)
