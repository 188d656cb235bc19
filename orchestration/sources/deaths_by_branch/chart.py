"""The series by branch in Mediazona's own file, a figure a day of death; weeks are cut here.

Both shapes are those described by Narretz/sbs-stats (scripts/mediazona/ingest.py and README.md), which reads the file:

* until the release of 14 August 2026 an object of one list a branch, `{"0": [6, 9, …], …, "20": […]}`, a figure a day
  from the first day of the war on;
* since then `{"years": [2022, …], "days": N, "dates": {"0": [[6, 9, -3, …], …], …}}`: of each branch one list a year of
  identification, to be added up. In a list a negative number -n stands for n days without a death; each list spans all
  N days, and deaths that were identified in a year happened by its end.

Branches go by number. Whatever is not so is refused: a year that is missing looks like deaths that never were.
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from orchestration.dbt import thresholds
from orchestration.sources.errors import SourceFormatError

# The order of the chart; the last five differ from the columns of the export by week.
# fmt: off
BRANCH_OF_NUMBER = (
    "nguard", "rifle", "air", "pilot", "seaman", "marine", "tank", "art", "eng", "other", "nd", "special", "vol", "mob",
    "signal", "airdef", "groundavia", "pmc", "fsb", "chem", "inmates",
)
# fmt: on
FIRST_DAY = thresholds.day("war_start")
FIRST_YEAR = FIRST_DAY.year
KEYS = ("years", "days", "dates")
_NUMBERS = tuple(str(number) for number in range(len(BRANCH_OF_NUMBER)))
# Of a flat object in a script of many: fewer lists by number are another chart's.
_LEAST_LISTS = 10
_DAYS_MOST = 36_525  # a century: a slip would only cost memory
_COUNT_MOST = 999_999_999


def parse(documents: list[object], path: str) -> pd.DataFrame:
    """Find the series among JSON documents and read it into one row a week, branch and year of identification.

    Returns week_start (Thursday), branch, year_identified (null in the older shape), confirmed_deaths; weeks after the
    last one with any death are not reported yet and left out. Raises SourceFormatError.
    """
    split = [document for document in documents if isinstance(document, dict) and _may_be_split(document)]
    flat = [document for document in documents if isinstance(document, dict) and _may_be_flat(document)]
    found: list[dict[str, Any]] = split or flat
    if len(found) != 1:
        problem = "are several that look like the series by branch" if found else "is no series by branch"
        raise SourceFormatError(path, "whole file", f"there {problem} among its {len(documents)} JSON documents")
    if split:
        years = _years(_exactly(found[0], KEYS, path, "key")["years"], path)
        return _by_week(_split_days(found[0], years, path), years, path)
    return _by_week(_flat_days(found[0], path), None, path)


def _may_be_split(document: dict[str, Any]) -> bool:
    return "dates" in document or "years" in document


def _may_be_flat(document: dict[str, Any]) -> bool:
    return len(document) >= _LEAST_LISTS and all(
        name.isdigit() and isinstance(series, list) for name, series in document.items()
    )


def _exactly(document: dict[str, Any], names: tuple[str, ...], path: str, what: str) -> dict[str, Any]:
    """The document, refused where a name is missing or unknown."""
    for name in document:
        if name not in names:
            raise SourceFormatError(path, f"{what} {name!r}", f"is unknown; expected {names[0]} to {names[-1]}")
    for name in names:
        if name not in document:
            raise SourceFormatError(path, f"{what} {name!r}", "is missing")
    return document


def _years(years: object, path: str) -> list[int]:
    """Years of identification in the order of the lists: each once, from the first year of the war on without a gap."""
    where = "key 'years'"
    if not isinstance(years, list) or not years:
        raise SourceFormatError(path, where, "is not a list of years")
    found: list[int] = []
    for entry in years:
        # Whether upstream writes 2022 or "2022" is not known; both mean one thing.
        text = str(entry) if isinstance(entry, int | str) and not isinstance(entry, bool) else ""
        if len(text) != 4 or not text.isascii() or not text.isdigit():
            raise SourceFormatError(path, where, f"{entry!r} is not a year")
        if int(text) in found:
            raise SourceFormatError(path, where, f"{text} appears a second time: its names would be counted twice")
        found.append(int(text))
    if min(found) < FIRST_YEAR:
        raise SourceFormatError(path, where, f"{min(found)} lies before the war, which began in {FIRST_YEAR}")
    if missing := sorted(set(range(FIRST_YEAR, max(found) + 1)) - set(found)):
        raise SourceFormatError(
            path,
            where,
            f"lacks {', '.join(map(str, missing))}: without the names identified then, every sum is too low",
        )
    return found


def _split_days(document: dict[str, Any], years: list[int], path: str) -> np.ndarray:
    """Deaths by branch, year of identification and day."""
    days = document["days"]
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= _DAYS_MOST:
        raise SourceFormatError(path, "key 'days'", f"{days!r} is not a number of days since {FIRST_DAY}")
    dates = document["dates"]
    if not isinstance(dates, dict):
        raise SourceFormatError(path, "key 'dates'", "is not an object of lists by number")
    _exactly(dates, _NUMBERS, path, "key 'dates', series")
    deaths = np.zeros((len(_NUMBERS), len(years), days), dtype="int64")
    for place, number in enumerate(_NUMBERS):
        lists, where = dates[number], _series(number, "key 'dates', ")
        if not isinstance(lists, list) or len(lists) != len(years):
            size = f"{len(lists)} lists" if isinstance(lists, list) else "no lists"
            raise SourceFormatError(path, where, f"has {size} for {len(years)} years: one list a year is expected")
        for column, year in enumerate(years):
            deaths[place, column] = _expanded(lists[column], days, path, f"{where}, year {year}")
    _refuse_other_years(deaths, years, path)
    return deaths


def _refuse_other_years(deaths: np.ndarray, years: list[int], path: str) -> None:
    """Nobody is identified before he died: but for slips, such a list belongs to another year."""
    before_death = np.zeros(len(years), dtype="int64")
    for column, year in enumerate(years):
        known_by = (date(year, 12, 31) - FIRST_DAY).days
        before_death[column] = deaths[:, column, known_by + 1 :].sum()
    if before_death.sum() > deaths.sum() * thresholds.number("identified_before_death_share"):
        worst = int(before_death.argmax())
        problem = (
            f"the lists of {years[worst]} count {before_death[worst]:,} deaths of later years, which cannot have been "
            "identified by then: lists and years do not match"
        )
        raise SourceFormatError(path, "key 'dates'", problem)


def _expanded(series: object, days: int, path: str, where: str) -> np.ndarray:
    """A list with its runs of empty days spelled out; it must span exactly so many days."""
    entries = _whole_numbers(series, path, where)
    spanned = sum(-entry if entry < 0 else 1 for entry in entries)
    if spanned != days:
        raise SourceFormatError(path, where, f"spans {spanned:,} days, not the {days:,} that key 'days' says")
    deaths, day = np.zeros(days, dtype="int64"), 0
    for entry in entries:
        if entry > 0:
            deaths[day] = entry
        day += -entry if entry < 0 else 1
    return deaths


def _flat_days(document: dict[str, Any], path: str) -> np.ndarray:
    """Deaths by branch and day, in the same three dimensions."""
    _exactly(document, _NUMBERS, path, "series")
    lists = [_whole_numbers(document[number], path, _series(number)) for number in _NUMBERS]
    days = len(lists[0])
    for number, entries in zip(_NUMBERS, lists, strict=True):
        if len(entries) != days:
            raise SourceFormatError(path, _series(number), f"has {len(entries):,} days, the first one {days:,}")
        if min(entries, default=0) < 0:
            problem = f"{min(entries)} is negative: runs of empty days are known only beside key 'years'"
            raise SourceFormatError(path, _series(number), problem)
    return np.array(lists, dtype="int64")[:, np.newaxis, :]


def _whole_numbers(series: object, path: str, where: str) -> list[int]:
    if not isinstance(series, list):
        raise SourceFormatError(path, where, "is not a list of numbers")
    for place, entry in enumerate(series):
        if not isinstance(entry, int) or isinstance(entry, bool) or abs(entry) > _COUNT_MOST:
            raise SourceFormatError(path, f"{where}, entry {place + 1}", f"{entry!r} is not a whole number of people")
    return series


def _series(number: str, before: str = "") -> str:
    return f"{before}series {number!r} ({BRANCH_OF_NUMBER[int(number)]})"


def _by_week(deaths: np.ndarray, years: list[int] | None, path: str) -> pd.DataFrame:
    """Rows from deaths by branch, year of identification and day."""
    if not deaths.any():
        raise SourceFormatError(path, "whole file", "has no week with any figure")
    if (total := int(deaths.sum())) > _COUNT_MOST:
        raise SourceFormatError(path, "whole file", f"holds {total:,} deaths, which cannot be")
    last_day = int(np.nonzero(deaths.any(axis=(0, 1)))[0][-1])
    weeks = last_day // 7 + 1
    reported = deaths[:, :, : weeks * 7]
    padded = np.pad(reported, ((0, 0), (0, 0), (0, weeks * 7 - reported.shape[2])))
    by_week = padded.reshape(*padded.shape[:2], weeks, 7).sum(axis=3)
    identified: list[int | None] = [*years] if years else [None]
    index = pd.MultiIndex.from_product(
        [
            BRANCH_OF_NUMBER,
            pd.array(identified, dtype="Int64"),
            pd.date_range(FIRST_DAY, periods=weeks, freq="7D", unit="us"),
        ],
        names=["branch", "year_identified", "week_start"],
    )
    return pd.DataFrame({"confirmed_deaths": by_week.reshape(-1)}, index=index).reset_index()
