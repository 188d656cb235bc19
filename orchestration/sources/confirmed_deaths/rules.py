"""Whether a vintage of the list can follow another."""

import numpy as np

from orchestration.dbt import thresholds
from orchestration.sources.confirmed_deaths.vintages import Vintage
from orchestration.sources.rules import first, rise


def vintages(earlier: Vintage, later: Vintage) -> str | None:
    """The reason why not; None where nothing speaks against it."""
    ends_earlier = thresholds.whole("list_ends_earlier_days")
    removed_share = thresholds.number("list_removed_share")
    days = (earlier.data_through - later.data_through).days
    if days > ends_earlier:
        return (
            f"history shrunk: the list as of {later.as_of} ends on {later.data_through}, {days} days before the list "
            f"as of {earlier.as_of} does (allowed are {ends_earlier})"
        )
    before, total = int(earlier.counts.sum()), int(later.counts.sum())
    change = _padded(later.counts, earlier.counts) - _padded(earlier.counts, later.counts)
    removed = int(-change[change < 0].sum())
    if removed > removed_share * total:
        return (
            f"history shrunk: between the lists as of {earlier.as_of} and {later.as_of}, {removed:,} of {before:,} "
            f"dated names went from their days and {total:,} are left (allowed are {removed_share:.1%})"
        )
    return first(
        rise("the number of dated names", before, total),
        rise("the worst day", int(earlier.counts.max()), int(later.counts.max())),
    )


def _padded(counts: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.concatenate([counts, np.zeros(max(0, len(other) - len(counts)), dtype=counts.dtype)])
