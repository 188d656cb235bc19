"""The thresholds of the gate, as the rules read them."""

from orchestration.dbt import thresholds

FUTURE_SLACK_DAYS = thresholds.whole("future_slack_days")
JUMP_FACTOR = thresholds.number("jump_factor")
SMALL_COUNT = thresholds.number("small_count")
LIST_ENDS_EARLIER_DAYS = thresholds.whole("list_ends_earlier_days")
LIST_REMOVED_SHARE = thresholds.number("list_removed_share")
CHANGED_CELLS_SHARE = thresholds.number("changed_cells_share")
LOST_CELLS_SHARE = thresholds.number("lost_cells_share")
CUMULATIVE_FALL_SHARE = thresholds.number("cumulative_fall_share")
AREA_NEIGHBOUR_DAYS = thresholds.whole("area_neighbour_days")
AREA_STEP_KM2 = thresholds.whole("area_step_km2")
RELEASE_FALL_SHARE = thresholds.number("release_fall_share")
AREA_BOUNDS_KM2 = (thresholds.whole("area_least_km2"), thresholds.whole("area_most_km2"))
