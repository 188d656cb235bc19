"""Whether claims (report_date, category and a figure) can follow those accepted."""

import pandas as pd

from orchestration.dbt import thresholds
from orchestration.sources.claimed_losses.parse import KEY
from orchestration.sources.rules import first, rise
from orchestration.sources.series_rules import changed_share


def cumulative(accepted: pd.DataFrame, offered: pd.DataFrame) -> str | None:
    """Whether cumulative claims (report_date, category, claimed_losses_cum) can follow those accepted."""
    return first(
        cells_kept(accepted, offered, "claimed_losses_cum"),
        lambda: _categories_go_on(accepted, offered),
        lambda: levels_go_on(accepted, offered),
    )


def corrections(accepted: pd.DataFrame, offered: pd.DataFrame) -> str | None:
    """Whether corrections of claims (report_date, category, correction) can follow those accepted."""
    before, after = (frame.groupby("category")["correction"].agg(_largest) for frame in (accepted, offered))
    return first(
        cells_kept(accepted, offered, "correction"),
        *(rise(f"the largest correction of {name}", size, after.get(name, 0)) for name, size in before.items()),
    )


def cells_kept(accepted: pd.DataFrame, offered: pd.DataFrame, measure: str) -> str | None:
    """Whether days, categories and figures known before are still there."""
    if days := set(accepted["report_date"]) - set(offered["report_date"]):
        return f"rows lost: {len(days)} days known before are gone, the first {min(days).date()}"
    shared = accepted[KEY].merge(offered[KEY], on=KEY)
    lost = len(accepted) - len(shared)
    may_be_lost, may_change = thresholds.number("lost_cells_share"), thresholds.number("changed_cells_share")
    if lost > may_be_lost * len(accepted):
        return (
            f"rows lost: {lost:,} of {len(accepted):,} figures known before are gone "
            f"(allowed are {may_be_lost:.1%}): a category was dropped or renamed"
        )
    changed = changed_share(accepted, offered, KEY, measure)
    if changed > may_change:
        return f"history changed: {changed:.1%} of the figures known before differ (allowed are {may_change:.0%})"
    return None


def _categories_go_on(accepted: pd.DataFrame, offered: pd.DataFrame) -> str | None:
    """Whether what was reported on the newest day known is on the newest day offered."""
    (before, reported), (after, still) = (_newest(accepted), _newest(offered))
    if gone := reported - still:
        return (
            f"column gone: {', '.join(sorted(gone))} is reported on {before.date()} and no longer on "
            f"{after.date()}: the category ended, was merged or was renamed"
        )
    return None


def _newest(cells: pd.DataFrame) -> tuple[pd.Timestamp, set[str]]:
    day = cells["report_date"].max()
    return day, set(cells.loc[cells["report_date"] == day, "category"])


def levels_go_on(accepted: pd.DataFrame, offered: pd.DataFrame) -> str | None:
    """Whether no category falls or jumps from what was known of it."""
    before, after = _by_day(accepted), _by_day(offered)
    small, may_fall = thresholds.number("small_count"), thresholds.number("cumulative_fall_share")
    for category in before.columns:
        known, new = before[category].dropna(), after.get(category, pd.Series(dtype=float)).dropna()
        latest, newest = known.iloc[-1], new.iloc[-1] if len(new) else 0
        if latest >= small and newest < latest * (1 - may_fall):
            return (
                f"history shrunk: {category} falls from {latest:,.0f} ({known.index[-1].date()}) to {newest:,.0f}, by "
                f"{1 - newest / latest:.0%} (allowed are {may_fall:.0%})"
            )
        steps = _daily(new)
        objection = first(
            rise(f"{category} in sum", latest, newest),
            # A slip that the sum hides: twenty thousand more in a day beside a million.
            rise(
                f"the largest daily claim of {category}",
                _top(_daily(known)),
                _top(steps[~steps.index.isin(known.index)]),
            ),
        )
        if objection:
            return objection
    return None


def _daily(levels: pd.Series) -> pd.Series:
    """Claims a day between neighbouring reports: after missing ones a change is that of several days."""
    return levels.diff() / levels.index.to_series().diff().dt.days


def _top(values: pd.Series) -> float:
    return 0.0 if values.isna().all() else float(values.max())


def _by_day(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.pivot(index="report_date", columns="category", values="claimed_losses_cum").sort_index()


def _largest(values: pd.Series) -> float:
    return float(values.abs().max())
