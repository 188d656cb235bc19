"""Axes and rules that the figures share."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt

from orchestration.report.figure import Break
from orchestration.report.render.palette import LIGHT
from orchestration.report.render.svg import data


def amount(field: str) -> alt.Y:
    """A vertical axis of amounts; what they are stands in the subtitle."""
    return alt.Y(field, title=None, axis=alt.Axis(tickCount=5))


def years(field: str, first: date, last: date) -> alt.X:
    """A horizontal axis of time: quarters below three years, else years."""
    is_short = (last - first).days < 3 * 365
    return alt.X(
        field,
        title=None,
        axis=alt.Axis(
            format="%b %Y" if is_short else "%Y",
            tickCount={"interval": "month", "step": 6} if is_short else "year",
            labelOverlap=True,
        ),
    )


def break_rules(
    breaks: Sequence[Break], periods: Sequence[dict[str, Any]], y: float, since: date | None = None
) -> list[alt.Chart]:
    """Rules at breaks of method on an axis of periods, each with its letter.

    Args:
        breaks: the breaks to draw; the notes under the figure say what their letters mean.
        periods: what the axis shows: period, period_start and period_end, in order.
        y: px from the top where the letters stand.
        since: end of what is drawn before this axis, if anything is; breaks in the gap between stand at its left edge.
    """
    layers = []
    for item in breaks:
        within = next((row for row in periods if row["period_start"] <= item.on <= row["period_end"]), None)
        if within:
            days = (within["period_end"] - within["period_start"]).days + 1
            x = alt.XDatum(within["period"], bandPosition=(item.on - within["period_start"]).days / days)
        elif since and since < item.on < periods[0]["period_start"]:
            x = alt.XDatum(periods[0]["period"], bandPosition=0)
        else:
            continue
        base = alt.Chart(data([{}]))
        layers += [
            base.mark_rule(color=LIGHT["muted"], strokeDash=[2, 2]).encode(x=x),
            base.mark_text(text=item.letter, color=LIGHT["muted"], align="left", dx=4, fontWeight="bold").encode(
                x=x, y=alt.YValue(y)
            ),
        ]
    return layers
