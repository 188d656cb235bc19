"""Rules of plausibility that hold for any source. Each returns the reason why a figure cannot be right, or None.

What belongs here: rules as pure functions that several sources use. What does not: a source's own rules (its folder),
how far is too far (the dbt project's vars.yml), and finding what a file is held against (`day_by_day`, `whole_series`).
"""

from collections.abc import Callable
from datetime import date, timedelta

from orchestration.dbt import thresholds


def in_the_future(newest: date, first_seen: date) -> str | None:
    """Whether a file speaks of a day that had not come when it was first seen (UTC days)."""
    if newest <= first_seen + timedelta(days=thresholds.whole("future_slack_days")):
        return None
    return f"date in the future: it speaks of {newest}, but was first seen on {first_seen} (UTC)"


def rise(measure: str, earlier: float, later: float) -> str | None:
    """Whether a measure (in its own unit) rose by the jump factor; a small one is only beginning."""
    if earlier < thresholds.number("small_count") or later < earlier * thresholds.number("jump_factor"):
        return None
    return f"jump: {measure} rises from {earlier:,.0f} to {later:,.0f}, {later / earlier:,.0f} times as much"


def drop(measure: str, earlier: float, later: float) -> str | None:
    """Whether a measure (in its own unit) fell by the jump factor."""
    if earlier < thresholds.number("small_count") or later * thresholds.number("jump_factor") > earlier:
        return None
    return f"jump: {measure} falls from {earlier:,.0f} to {later:,.0f}, to a tenth or less"


def first(*objections: str | Callable[[], str | None] | None) -> str | None:
    """The first objection there is; one given as a function is asked only where none came before it."""
    said = (objection() if callable(objection) else objection for objection in objections)
    return next((objection for objection in said if objection), None)
