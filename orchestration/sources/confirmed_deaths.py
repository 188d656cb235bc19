"""Confirmed deaths by day of death: one CSV a day, most of them repeating the last vintage of the list.

A vintage is a run of daily files with one content. Counts rise and fall between vintages, so what is kept is every
change of every day's count: from it each vintage can be rebuilt cell for cell.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pandas as pd

from orchestration.dbt import thresholds
from orchestration.sources import observations, parsing
from orchestration.sources.catalog import SOURCES
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.intake.archive import RawFile, newest_by_path
from orchestration.sources.observations import Tables
from orchestration.sources.tables import TABLES

# Every file starts with the war, without gaps.
FIRST_DAY = thresholds.day("war_start")
_NAME = r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})_cumsum\.csv$"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Vintage:
    """One distinct content of the list. `counts[i]` are the confirmed deaths of FIRST_DAY + i."""

    as_of: date
    last_seen: date
    counts: np.ndarray

    @property
    def data_through(self) -> date:
        """The last day of death the content speaks of."""
        return FIRST_DAY + timedelta(days=len(self.counts) - 1)


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
    rows = parsing.csv_rows(content, path, SOURCES["confirmed_deaths"].columns)
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


def observe(files: Sequence[RawFile], embedded: Tables) -> Tables:
    """The vintages and their changes, from the embedded vintages overlaid by daily files."""
    seen: dict[date, np.ndarray] = {}
    for vintage in rebuild(embedded["confirmed_deaths"], embedded["confirmed_deaths_vintages"]):
        # A vintage covers every day of its run: a file of that time with the same content changes nothing.
        for offset in range((vintage.last_seen - vintage.as_of).days + 1):
            seen[vintage.as_of + offset * _ONE_DAY] = vintage.counts
    for file in newest_by_path(files):
        seen[parsing.date_in_name(file.path, _NAME)] = parse(file.read(), file.path)["confirmed_deaths"].to_numpy()
    return to_tables(distinct(seen))


def distinct(seen: dict[date, np.ndarray]) -> list[Vintage]:
    """Runs of equal content by date; a content that comes back later is a new vintage."""
    vintages: list[Vintage] = []
    for day in sorted(seen):
        if vintages and np.array_equal(vintages[-1].counts, seen[day]):
            vintages[-1] = Vintage(vintages[-1].as_of, day, vintages[-1].counts)
        else:
            vintages.append(Vintage(day, day, seen[day]))
    return vintages


def to_tables(vintages: Iterable[Vintage]) -> Tables:
    """The observation tables of vintages in order of date."""
    changes = [observations.empty("confirmed_deaths")]
    overview = []
    before = np.zeros(0, dtype="int64")
    for vintage in vintages:
        length = max(len(before), len(vintage.counts))
        change = _padded(vintage.counts, length) - _padded(before, length)
        at = np.flatnonzero(change)
        changes.append(
            pd.DataFrame(
                {
                    "as_of": pd.Timestamp(vintage.as_of),
                    "death_date": pd.Timestamp(FIRST_DAY) + pd.to_timedelta(at, unit="D"),
                    "change": change[at],
                }
            )
        )
        overview.append((vintage.as_of, vintage.last_seen, vintage.data_through, int(vintage.counts.sum())))
        before = vintage.counts
    columns = TABLES["confirmed_deaths_vintages"].columns
    return {
        "confirmed_deaths": observations.conform("confirmed_deaths", pd.concat(changes, ignore_index=True)),
        "confirmed_deaths_vintages": observations.conform(
            "confirmed_deaths_vintages", pd.DataFrame(overview, columns=columns)
        ),
    }


def rebuild(changes: pd.DataFrame, vintages: pd.DataFrame) -> list[Vintage]:
    """Every vintage in full from the observation tables; raises ValueError where the two contradict each other."""
    counts = np.zeros(0, dtype="int64")
    by_vintage = dict(list(changes.groupby("as_of")))
    if unknown := set(by_vintage) - set(vintages["as_of"]):
        raise ValueError(f"confirmed_deaths has changes of {min(unknown).date()}, which is no vintage")
    rebuilt = []
    for row in vintages.sort_values("as_of").itertuples():
        length = (row.data_through.date() - FIRST_DAY).days + 1
        counts = _padded(counts, max(length, len(counts)))
        if row.as_of in by_vintage:
            step = by_vintage[row.as_of]
            np.add.at(
                counts, (step["death_date"] - pd.Timestamp(FIRST_DAY)).dt.days.to_numpy(), step["change"].to_numpy()
            )
        if (counts < 0).any() or counts[length:].any() or counts.sum() != row.dated_total:
            raise ValueError(f"the changes of confirmed_deaths do not add up to the vintage of {row.as_of.date()}")
        counts = counts[:length]
        rebuilt.append(Vintage(row.as_of.date(), row.last_seen.date(), counts.copy()))
    return rebuilt


def _padded(counts: np.ndarray, length: int) -> np.ndarray:
    return np.concatenate([counts, np.zeros(length - len(counts), dtype="int64")])
