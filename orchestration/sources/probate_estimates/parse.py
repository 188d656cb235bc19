"""Names documented (`real`) and the estimate (`rnd`) by week: the export, or Mediazona's own file."""

import pandas as pd

from orchestration.sources import mediazona_chart, parsing
from orchestration.sources.errors import SourceFormatError

COLUMNS = ("week", "real", "rnd")
_MONDAY = 0
# In Mediazona's own file (as described by Narretz/sbs-stats, scripts/mediazona/ingest.py) a week is an object, and four
# more objects of the same keys hold what the chart's heading says: they are no weeks.
_KEYS = {"w", "real", "rnd"}
_HEADING = {"last_date", "current_date", "last_total", "current_total"}


def parse(content: bytes, path: str) -> pd.DataFrame:
    """Read the file into week_start (Monday), documented_deaths, probate_estimate; raises SourceFormatError."""
    documents = mediazona_chart.documents(content, path)
    rows = parsing.csv_rows(content, path, COLUMNS) if documents is None else _chart_rows(documents, path)
    week_start = parsing.dates(rows["week"], path, parsing.DOTTED_DATE)
    parsing.weekly(week_start, path, _MONDAY, "Monday")
    return pd.DataFrame(
        {
            "week_start": week_start,
            "documented_deaths": parsing.counts(rows["real"], path),
            "probate_estimate": parsing.numbers(rows["rnd"], path),
        }
    ).reset_index(drop=True)


def _chart_rows(documents: list[object], path: str) -> pd.DataFrame:
    """The weeks of the one list of weeks among JSON documents, as strings; an entry of the list counts as a line."""
    found = [weeks for weeks in documents if isinstance(weeks, list) and weeks and _is_week(weeks[0])]
    if len(found) != 1:
        problem = "are several lists" if found else "is no list"
        raise SourceFormatError(path, "whole file", f"there {problem} of weeks with real and rnd")
    lines = {}
    for number, week in enumerate(found[0], start=1):
        if not _is_week(week):
            raise SourceFormatError(path, f"entry {number}", "is no object of w, real and rnd")
        if week["w"] not in _HEADING:
            lines[number] = [str(week[key]) for key in ("w", "real", "rnd")]
    if not lines:
        raise SourceFormatError(path, "whole file", "has no weeks")
    return pd.DataFrame.from_dict(lines, orient="index", columns=list(COLUMNS), dtype=str)


def _is_week(entry: object) -> bool:
    return isinstance(entry, dict) and entry.keys() == _KEYS
