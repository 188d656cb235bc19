"""One CSV by week, a column a branch of service. `nd` (no data) is one like the others: unknowns stay visible."""

import pandas as pd

from orchestration.sources import parsing
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
    """Read the file into week_start (Thursday), branch, confirmed_deaths, week_total; raises SourceFormatError.

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
    wide = counts.assign(week_start=week_start, week_total=total)
    return wide.melt(["week_start", "week_total"], var_name="branch", value_name="confirmed_deaths")
