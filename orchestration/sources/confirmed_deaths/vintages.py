"""The vintages of the list: runs of daily files with one content, most of which repeat the last one.

Counts rise and fall between vintages, so what is kept is every change of every day's count: from it each vintage can be
rebuilt cell for cell.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from orchestration.sources import tables
from orchestration.sources.base import Tables
from orchestration.sources.confirmed_deaths.parse import FIRST_DAY
from orchestration.sources.confirmed_deaths.shapes import CHANGES, VINTAGES
from orchestration.sources.intake.archive import RawFile, newest_by_path

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


def by_day(vintages: Iterable[Vintage]) -> dict[date, np.ndarray]:
    """The counts that stood on each day: a vintage covers every day of its run."""
    return {
        vintage.as_of + offset * _ONE_DAY: vintage.counts
        for vintage in vintages
        for offset in range((vintage.last_seen - vintage.as_of).days + 1)
    }


def counts_of(files: Sequence[RawFile], read: Callable[[RawFile], pd.DataFrame]) -> dict[date, np.ndarray]:
    """The counts of each daily file."""
    return {file.dated: read(file)["confirmed_deaths"].to_numpy() for file in newest_by_path(files)}


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
    changes = [tables.empty(CHANGES)]
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
    overview_frame = pd.DataFrame(overview, columns=VINTAGES.columns)
    return {
        CHANGES.name: tables.conform(CHANGES, pd.concat(changes, ignore_index=True)),
        VINTAGES.name: tables.conform(VINTAGES, overview_frame),
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
