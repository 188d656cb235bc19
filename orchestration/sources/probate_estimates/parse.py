"""One CSV by week: names documented (`real`) and the estimate (`rnd`)."""

import pandas as pd

from orchestration.sources import parsing

COLUMNS = ("week", "real", "rnd")
_MONDAY = 0


def parse(content: bytes, path: str) -> pd.DataFrame:
    """Read the file into week_start (Monday), documented_deaths, probate_estimate; raises SourceFormatError."""
    rows = parsing.csv_rows(content, path, COLUMNS)
    week_start = parsing.dates(rows["week"], path, parsing.DOTTED_DATE)
    parsing.weekly(week_start, path, _MONDAY, "Monday")
    return pd.DataFrame(
        {
            "week_start": week_start,
            "documented_deaths": parsing.counts(rows["real"], path),
            "probate_estimate": parsing.numbers(rows["rnd"], path),
        }
    ).reset_index(drop=True)
