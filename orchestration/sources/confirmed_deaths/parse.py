"""One daily file: date, the count of the day (`change`) and its running sum (`total`), from the war's first day on."""

from functools import lru_cache

import pandas as pd

from orchestration.dbt import thresholds
from orchestration.sources import parsing
from orchestration.sources.errors import SourceFormatError

# Every file starts with the war, without gaps.
FIRST_DAY = thresholds.day("war_start")
COLUMNS = ("date", "change", "total")
_NAME = r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})_cumsum\.csv$"


def parse(content: bytes, path: str) -> pd.DataFrame:
    """Read one daily file into death_date, confirmed_deaths; raises SourceFormatError.

    The upstream column `change` is the count of a day, `total` its running sum.
    """
    taken_on = parsing.date_in_name(path, _NAME)
    try:
        series = _series(content)
    except SourceFormatError as error:
        raise SourceFormatError(path, error.where, error.problem) from None
    if (last := series["death_date"].iloc[-1].date()) > taken_on:
        raise SourceFormatError(path, "column 'date'", f"ends on {last}, after the day in its name")
    return series


# Upstream repeats the list of the day before on most days; files come in order of date.
@lru_cache(maxsize=2)
def _series(content: bytes) -> pd.DataFrame:
    """What the bytes of a file say, whatever its name."""
    path = ""  # of errors: `parse` names the file
    rows = parsing.csv_rows(content, path, COLUMNS)
    days = parsing.dates(rows["date"], path, parsing.ISO_DATE)
    deaths = parsing.counts(rows["change"], path)
    total = parsing.counts(rows["total"], path)

    expected = pd.Series(pd.date_range(FIRST_DAY, periods=len(rows)), index=rows.index)
    if (days != expected).any():
        line = (days != expected).idxmax()
        problem = f"is {days[line].date()} where {expected[line].date()} should follow: days run from {FIRST_DAY} on"
        raise SourceFormatError(path, f"line {line}, column 'date'", problem)
    if (total != deaths.cumsum()).any():
        line = (total != deaths.cumsum()).idxmax()
        problem = f"is {total[line]}, but the sum of 'change' so far is {deaths.cumsum()[line]}"
        raise SourceFormatError(path, f"line {line}, column 'total'", problem)
    return pd.DataFrame({"death_date": days, "confirmed_deaths": deaths}).reset_index(drop=True)
