"""How far a figure may be off what is known before a person has to look at it.

The thresholds lie well outside what upstream has really done (in brackets) and well inside what a copy cut short, a
wrong file or a slip of a digit does.
"""

# Kyiv's day begins before the UTC day; more than one day ahead, a date is a slip.
FUTURE_SLACK_DAYS = 1
# A digit too many or too few. (Largest real ratio between neighbours: 5.4, in the first weeks of the series.)
JUMP_FACTOR = 10
# Below so many items (people, vehicles, names) a few more are already a multiple, which says nothing.
SMALL_COUNT = 10

# The list goes on by days with every vintage (never by less than one); a few may lack late entries.
LIST_ENDS_EARLIER_DAYS = 3
# Names move between days as dates are corrected (at most 0.09 % of the list in a step); more is lost data.
LIST_REMOVED_SHARE = 0.005

# Corrections touch single days: more than a twentieth of the figures known before is another series.
CHANGED_CELLS_SHARE = 0.05
# Single figures may be withdrawn; a category that is dropped or renamed takes more (the shortest: 36 days, 0.2 %).
LOST_CELLS_SHARE = 0.001
# Corrections make cumulative figures fall (at most 2.2 % of a category in a day).
CUMULATIVE_FALL_SHARE = 0.10

# DeepState's polygon covered 109,361 to 116,586 km² from July 2024 to February 2026, and 62,921 to 125,198 in
# 2022-23. Outside these bounds a part of the map (Crimea alone is 27,000) is missing or another layer was exported.
AREA_BOUNDS_KM2 = (90_000, 150_000)
# Between files (92 km² at most) and over a month (809 km² at most); an oblast lost from the map is far more.
AREA_STEP_KM2 = 1_000
AREA_NEIGHBOUR_DAYS = 31

# A release revises all weeks by some per cent, upwards on the whole: names come, few go.
RELEASE_FALL_SHARE = 0.05
