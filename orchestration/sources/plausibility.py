"""Whether a file that can be read can also be right, judged against what is accepted already.

Each rule returns the reason why not, in words, or None.

What belongs here: rules as pure functions. What does not: how far is too far (`thresholds`), finding what a file is to
be compared with (`judging`), and whether a file can be read at all (its parser).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from orchestration.sources.confirmed_deaths import Vintage
from orchestration.sources.thresholds import (
    AREA_BOUNDS_KM2,
    AREA_NEIGHBOUR_DAYS,
    AREA_STEP_KM2,
    CHANGED_CELLS_SHARE,
    CUMULATIVE_FALL_SHARE,
    FUTURE_SLACK_DAYS,
    JUMP_FACTOR,
    LIST_ENDS_EARLIER_DAYS,
    LIST_REMOVED_SHARE,
    LOST_CELLS_SHARE,
    RELEASE_FALL_SHARE,
    SMALL_COUNT,
)


@dataclass(frozen=True)
class Level:
    """Occupied area in km² on a day."""

    day: date
    occupied_km2: float


@dataclass(frozen=True)
class Release:
    """One release of a weekly series: the weeks it speaks of, its totals (people) and its measures (people)."""

    as_of: date
    weeks: frozenset[date]
    totals: Mapping[str, float]
    measures: Mapping[str, float]


def in_the_future(newest: date, first_seen: date) -> str | None:
    """Whether a file speaks of a day that had not come when it was first seen (UTC days)."""
    if newest <= first_seen + timedelta(days=FUTURE_SLACK_DAYS):
        return None
    return f"date in the future: it speaks of {newest}, but was first seen on {first_seen} (UTC)"


def rise(measure: str, earlier: float, later: float) -> str | None:
    """Whether a measure (in its own unit) rose tenfold; one that was below SMALL_COUNT before is only beginning."""
    if earlier < SMALL_COUNT or later < earlier * JUMP_FACTOR:
        return None
    return f"jump: {measure} rises from {earlier:,.0f} to {later:,.0f}, {later / earlier:,.0f} times as much"


def drop(measure: str, earlier: float, later: float) -> str | None:
    """Whether a measure (in its own unit) fell to a tenth."""
    if earlier < SMALL_COUNT or later * JUMP_FACTOR > earlier:
        return None
    return f"jump: {measure} falls from {earlier:,.0f} to {later:,.0f}, to a tenth or less"


def vintages(earlier: Vintage, later: Vintage) -> str | None:
    """Whether a vintage of the list can follow another."""
    days = (earlier.data_through - later.data_through).days
    if days > LIST_ENDS_EARLIER_DAYS:
        return (
            f"history shrunk: the list as of {later.as_of} ends on {later.data_through}, {days} days before the list "
            f"as of {earlier.as_of} does (allowed are {LIST_ENDS_EARLIER_DAYS})"
        )
    before, total = int(earlier.counts.sum()), int(later.counts.sum())
    change = _padded(later.counts, earlier.counts) - _padded(earlier.counts, later.counts)
    removed = int(-change[change < 0].sum())
    if removed > LIST_REMOVED_SHARE * total:
        return (
            f"history shrunk: between the lists as of {earlier.as_of} and {later.as_of}, {removed:,} of {before:,} "
            f"dated names went from their days and {total:,} are left (allowed are {LIST_REMOVED_SHARE:.1%})"
        )
    return _first(
        rise("the number of dated names", before, total),
        rise("the worst day", int(earlier.counts.max()), int(later.counts.max())),
    )


def cumulative(accepted: pd.DataFrame, offered: pd.DataFrame) -> str | None:
    """Whether cumulative claims (report_date, category, claimed_losses_cum) can follow those accepted."""
    return _first(_cells_kept(accepted, offered, "claimed_losses_cum"), _cumulative_goes_on(accepted, offered))


def corrections(accepted: pd.DataFrame, offered: pd.DataFrame) -> str | None:
    """Whether corrections of claims (report_date, category, correction) can follow those accepted."""
    before, after = (frame.groupby("category")["correction"].agg(_largest) for frame in (accepted, offered))
    return _first(
        _cells_kept(accepted, offered, "correction"),
        *(rise(f"the largest correction of {name}", size, after.get(name, 0)) for name, size in before.items()),
    )


def areas(offered: Level, neighbours: Iterable[Level]) -> str | None:
    """Whether a day's area can stand between its accepted neighbours."""
    low, high = AREA_BOUNDS_KM2
    if not low <= offered.occupied_km2 <= high:
        return (
            f"implausible level: {offered.occupied_km2:,.0f} km² on {offered.day} "
            f"(allowed are {low:,} to {high:,}): a part of the map is missing or another layer was exported"
        )
    for level in neighbours:
        step = offered.occupied_km2 - level.occupied_km2
        if abs((offered.day - level.day).days) <= AREA_NEIGHBOUR_DAYS and abs(step) > AREA_STEP_KM2:
            return (
                f"jump: {offered.occupied_km2:,.0f} km² on {offered.day} is {step:+,.0f} km² off the "
                f"{level.occupied_km2:,.0f} of {level.day} (allowed are {AREA_STEP_KM2:,})"
            )
    return None


def readings(accepted: pd.DataFrame, offered: pd.DataFrame) -> str | None:
    """Whether levels (observed_at, occupied_km2) of the closed series of 2022-23 can replace those accepted."""
    lost = set(accepted["observed_at"]) - set(offered["observed_at"])
    if lost:
        return f"rows lost: {len(lost)} of {len(accepted)} readings are gone, the first that of {min(lost)}"
    changed = _changed_share(accepted, offered, ["observed_at"], "occupied_km2")
    if changed > CHANGED_CELLS_SHARE:
        return (
            f"history changed: {changed:.1%} of the readings known before differ "
            f"(allowed are {CHANGED_CELLS_SHARE:.0%}), although the series is closed"
        )
    return _first(
        rise("the largest level", accepted["occupied_km2"].max(), offered["occupied_km2"].max()),
        drop("the smallest level", accepted["occupied_km2"].min(), offered["occupied_km2"].min()),
    )


def releases(earlier: Release, later: Release) -> str | None:
    """Whether a release of a weekly series can follow another."""
    if lost := earlier.weeks - later.weeks:
        return (
            f"rows lost: the release of {later.as_of} lacks {len(lost)} of the {len(earlier.weeks)} weeks of the "
            f"release of {earlier.as_of}, the first that of {min(lost)}"
        )
    for name, total in earlier.totals.items():
        if later.totals[name] < total * (1 - RELEASE_FALL_SHARE):
            return (
                f"history shrunk: the sum of {name} falls from {total:,.0f} (release of {earlier.as_of}) to "
                f"{later.totals[name]:,.0f} (release of {later.as_of}), by {1 - later.totals[name] / total:.1%} "
                f"(allowed are {RELEASE_FALL_SHARE:.0%})"
            )
    jumps = (
        judge(name, value, later.measures.get(name, 0))
        for name, value in earlier.measures.items()
        for judge in (rise, drop)
    )
    return _first(*jumps)


_KEY = ["report_date", "category"]


def _cells_kept(accepted: pd.DataFrame, offered: pd.DataFrame, measure: str) -> str | None:
    """Whether days, categories and figures known before are still there."""
    if days := set(accepted["report_date"]) - set(offered["report_date"]):
        return f"rows lost: {len(days)} days known before are gone, the first {min(days).date()}"
    shared = accepted[_KEY].merge(offered[_KEY], on=_KEY)
    lost = len(accepted) - len(shared)
    if lost > LOST_CELLS_SHARE * len(accepted):
        return (
            f"rows lost: {lost:,} of {len(accepted):,} figures known before are gone "
            f"(allowed are {LOST_CELLS_SHARE:.1%}): a category was dropped or renamed"
        )
    changed = _changed_share(accepted, offered, _KEY, measure)
    if changed > CHANGED_CELLS_SHARE:
        return (
            f"history changed: {changed:.1%} of the figures known before differ (allowed are {CHANGED_CELLS_SHARE:.0%})"
        )
    return None


def _cumulative_goes_on(accepted: pd.DataFrame, offered: pd.DataFrame) -> str | None:
    before, after = _by_day(accepted), _by_day(offered)
    if gone := set(before.iloc[-1].dropna().index) - set(after.iloc[-1].dropna().index):
        return (
            f"column gone: {', '.join(sorted(gone))} is reported on {before.index[-1].date()} and no longer on "
            f"{after.index[-1].date()}: the category ended, was merged or was renamed"
        )
    for category in before.columns:
        known, new = before[category].dropna(), after.get(category, pd.Series(dtype=float)).dropna()
        latest, newest = known.iloc[-1], new.iloc[-1] if len(new) else 0
        if latest >= SMALL_COUNT and newest < latest * (1 - CUMULATIVE_FALL_SHARE):
            return (
                f"history shrunk: {category} falls from {latest:,.0f} ({known.index[-1].date()}) to {newest:,.0f}, by "
                f"{1 - newest / latest:.0%} (allowed are {CUMULATIVE_FALL_SHARE:.0%})"
            )
        steps = new.diff()
        objection = _first(
            rise(f"{category} in sum", latest, newest),
            # A slip that the sum hides: twenty thousand more in a day beside a million.
            rise(
                f"the largest daily claim of {category}",
                _top(known.diff()),
                _top(steps[~steps.index.isin(known.index)]),
            ),
        )
        if objection:
            return objection
    return None


def _top(values: pd.Series) -> float:
    return 0.0 if values.isna().all() else float(values.max())


def _by_day(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.pivot(index="report_date", columns="category", values="claimed_losses_cum").sort_index()


def _changed_share(accepted: pd.DataFrame, offered: pd.DataFrame, key: list[str], measure: str) -> float:
    """Share of the cells in both whose figure differs."""
    both = accepted.merge(offered, on=key, suffixes=("_before", "_after"))
    return float((both[f"{measure}_before"] != both[f"{measure}_after"]).mean()) if len(both) else 0.0


def _largest(values: pd.Series) -> float:
    return float(values.abs().max())


def _padded(counts: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.concatenate([counts, np.zeros(max(0, len(other) - len(counts)), dtype=counts.dtype)])


def _first(*objections: str | None) -> str | None:
    return next((objection for objection in objections if objection), None)
