"""Whether the figures of the second copy (report_date, category, claimed_losses_cum) can follow those accepted."""

import pandas as pd

from orchestration.dbt import thresholds
from orchestration.sources.claimed_losses.rules import cells_kept, levels_go_on
from orchestration.sources.rules import drop, first, rise


def cumulative(accepted: pd.DataFrame, offered: pd.DataFrame) -> str | None:
    """The rules of the first source, and figures that fit those of the days beside them.

    That a category is not reported on the newest day is none of them: upstream says null where it has no figure, and
    what is not there is used nowhere.
    """
    return first(
        cells_kept(accepted, offered, "claimed_losses_cum"),
        lambda: levels_go_on(accepted, offered),
        lambda: _neighbours_fit(offered),
    )


def _neighbours_fit(offered: pd.DataFrame) -> str | None:
    """A figure with a digit too many or too few on any day, the past ones included.

    The first source's figures are looked at on new days only; here the past is what the two are compared by, and what
    the second source's level is carried on from.
    """
    levels = offered.sort_values("report_date")
    before = levels.groupby("category")[["report_date", "claimed_losses_cum"]].shift(1)
    steps = levels.assign(day_before=before["report_date"], cum_before=before["claimed_losses_cum"]).dropna()
    factor = thresholds.number("jump_factor")
    far = (steps["claimed_losses_cum"] >= steps["cum_before"] * factor) | (
        steps["claimed_losses_cum"] * factor <= steps["cum_before"]
    )
    return first(
        *(
            judge(
                f"{step.category} from {step.day_before.date()} to {step.report_date.date()}",
                step.cum_before,
                step.claimed_losses_cum,
            )
            for step in steps[far].itertuples()
            for judge in (rise, drop)
        )
    )
