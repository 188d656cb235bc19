"""Whether levels (observed_at, occupied_km2) of the closed series can replace those accepted."""

import pandas as pd

from orchestration.dbt import thresholds
from orchestration.sources.rules import drop, first, rise
from orchestration.sources.series_rules import changed_share


def readings(accepted: pd.DataFrame, offered: pd.DataFrame) -> str | None:
    """The reason why not; None where nothing speaks against it."""
    allowed = thresholds.number("changed_cells_share")
    lost = set(accepted["observed_at"]) - set(offered["observed_at"])
    if lost:
        return f"rows lost: {len(lost)} of {len(accepted)} readings are gone, the first that of {min(lost)}"
    changed = changed_share(accepted, offered, ["observed_at"], "occupied_km2")
    if changed > allowed:
        return (
            f"history changed: {changed:.1%} of the readings known before differ "
            f"(allowed are {allowed:.0%}), although the series is closed"
        )
    return first(
        rise("the largest level", accepted["occupied_km2"].max(), offered["occupied_km2"].max()),
        drop("the smallest level", accepted["occupied_km2"].min(), offered["occupied_km2"].min()),
    )
