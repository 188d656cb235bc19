"""Levels, several a day: wall clock of the author, seconds since 1970, km²."""

from zoneinfo import ZoneInfo

import pandas as pd

from orchestration.sources import parsing
from orchestration.sources.errors import SourceFormatError

# The column `date` is the author's wall clock; `id` is the same moment in seconds since 1970, UTC. Found to agree on
# every row of the file, summer and winter time included, so both are read and must go on agreeing.
_AUTHORS_CLOCK = ZoneInfo("Europe/Berlin")
COLUMNS = ("date", "id", "area")
_TIME = "%Y-%m-%d %H:%M:%S"


def parse(content: bytes, path: str) -> pd.DataFrame:
    """Read the file into observed_at (UTC) and occupied_km2; raises SourceFormatError."""
    rows = parsing.csv_rows(content, path, COLUMNS)
    observed_at = pd.to_datetime(_seconds(rows["id"], path), unit="s", utc=True)
    on_the_wall = observed_at.dt.tz_convert(_AUTHORS_CLOCK).dt.strftime(_TIME)
    if (on_the_wall != rows["date"]).any():
        line = (on_the_wall != rows["date"]).idxmax()
        problem = f"{rows.loc[line, 'date']!r} is not the moment {on_the_wall[line]!r} that column 'id' names"
        raise SourceFormatError(path, f"line {line}, column 'date'", problem)
    if observed_at.duplicated().any():
        line = observed_at.duplicated().idxmax()
        raise SourceFormatError(path, f"line {line}, column 'id'", f"{rows.loc[line, 'id']} appears a second time")
    return pd.DataFrame(
        {"observed_at": observed_at.dt.tz_localize(None), "occupied_km2": parsing.numbers(rows["area"], path)}
    ).reset_index(drop=True)


def _seconds(values: pd.Series, path: str) -> pd.Series:
    """Seconds since 1970 of ten digits (2001 to 2286)."""
    bad = ~values.str.fullmatch(r"[0-9]{10}")
    if bad.any():
        line = bad.idxmax()
        raise SourceFormatError(path, f"line {line}, column 'id'", f"{values[line]!r} is no time in seconds since 1970")
    return values.astype("int64")
