"""The export by week, or Mediazona's own file it is derived from; a branch of service a column or a series.

`nd` (no data) is a branch like the others: unknowns stay visible.
"""

import pandas as pd

from orchestration.sources import mediazona_chart, parsing
from orchestration.sources.deaths_by_branch import chart
from orchestration.sources.errors import SourceFormatError

# fmt: off
BRANCHES = (
    "nguard", "rifle", "air", "pilot", "seaman", "marine", "tank", "art", "eng", "other", "nd", "special", "vol", "mob",
    "signal", "airdef", "chem", "pmc", "fsb", "groundavia", "inmates",
)
# fmt: on
COLUMNS = ("week_start", "total", *BRANCHES)
_THURSDAY = 3


def parse(content: bytes, path: str) -> pd.DataFrame:
    """Read the file into one row a week and branch, and a year of identification where the file splits by it.

    Returns week_start (Thursday), branch, year_identified (Int64, null where the file does not say it),
    confirmed_deaths (people), week_total (people, of the week over all rows). Raises SourceFormatError.
    """
    documents = mediazona_chart.documents(content, path)
    deaths = _export(content, path) if documents is None else chart.parse(documents, path)
    return deaths.assign(week_total=deaths.groupby("week_start")["confirmed_deaths"].transform("sum"))


def _export(content: bytes, path: str) -> pd.DataFrame:
    """One CSV by week, a column a branch.

    A blank is zero, except that the weeks after the last one with any figure are not reported yet and left out.
    """
    rows = parsing.csv_rows(content, path, COLUMNS)
    week_start = parsing.dates(rows["week_start"], path, parsing.DOTTED_DATE)
    parsing.weekly(week_start, path, _THURSDAY, "Thursday")

    reported = (rows[["total", *BRANCHES]] != "").any(axis="columns")
    if not reported.any():
        raise SourceFormatError(path, "whole file", "has no week with any figure")
    rows = rows[reported[::-1].cummax()[::-1]]
    total = parsing.counts(rows["total"], path, blank_is_zero=True)
    counts = pd.DataFrame({name: parsing.counts(rows[name], path, blank_is_zero=True) for name in BRANCHES})
    if (counts.sum(axis="columns") != total).any():
        line = (counts.sum(axis="columns") != total).idxmax()
        problem = f"is {total[line]}, but the branches sum to {counts.loc[line].sum()}"
        raise SourceFormatError(path, f"line {line}, column 'total'", problem)
    long = counts.assign(week_start=week_start).melt(["week_start"], var_name="branch", value_name="confirmed_deaths")
    return long.assign(year_identified=pd.array([None] * len(long), dtype="Int64"))
