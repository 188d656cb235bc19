"""Whether a release of the deaths by branch can be right, alone and beside another. Pure functions."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from orchestration.dbt import thresholds
from orchestration.sources.dated_releases import WeeklyRelease
from orchestration.sources.rules import first


@dataclass(frozen=True)
class BranchRelease(WeeklyRelease):
    """A release with its people by branch and week, by week, and by year of identification (empty if not split)."""

    by_branch_and_week: Mapping[tuple[str, date], int]
    by_week: Mapping[date, int]
    by_year_identified: Mapping[int, int]


def years_identified(release: BranchRelease) -> str | None:
    """Whether the years of identification run to the release and no further; the parser sees to the ones before."""
    if not release.by_year_identified:
        return None
    last = max(release.by_year_identified)
    if last > release.as_of.year:
        return (
            f"year in the future: it counts names identified in {last}, but was released on {release.as_of}; "
            "either the day of release or the list of that year is wrong"
        )
    due = (release.as_of - timedelta(days=thresholds.whole("identified_year_begins_days"))).year
    if last < due:
        return (
            f"year missing: the names identified in {last + 1} are not in the release of {release.as_of}, so the sums "
            "of the newest weeks are too low"
        )
    return None


def follows(earlier: BranchRelease, later: BranchRelease) -> str | None:
    """Whether no year of identification, branch or week loses more names than are corrected."""
    # A release in the older shape says nothing of the years.
    if earlier.by_year_identified and later.by_year_identified:
        if gone := sorted(earlier.by_year_identified.keys() - later.by_year_identified.keys()):
            return (
                f"year missing: the release of {later.as_of} lacks the names identified in "
                f"{', '.join(map(str, gone))}, which the release of {earlier.as_of} has"
            )
        allowed = thresholds.number("release_fall_share")
        for year, names in sorted(earlier.by_year_identified.items()):
            if later.by_year_identified[year] < names * (1 - allowed):
                return (
                    f"history shrunk: the names identified in {year} fall from {names:,} (release of {earlier.as_of}) "
                    f"to {later.by_year_identified[year]:,} (release of {later.as_of}); allowed are {allowed:.0%}"
                )
    return first(_weeks_fall(earlier, later), lambda: _branches_fall(earlier, later))


def _branches_fall(earlier: BranchRelease, later: BranchRelease) -> str | None:
    """In Mediazona's own file branches go by number: in another order they would change places in silence.

    Totals do not show it (those of marines and of private companies differ by less than a per cent), weeks do.
    """
    share, least = thresholds.number("release_branch_moved_share"), thresholds.whole("release_week_fall_least")
    names, gone = Counter[str](), Counter[str]()
    for (branch, week), deaths in earlier.by_branch_and_week.items():
        names[branch] += deaths
        gone[branch] += max(0, deaths - later.by_branch_and_week.get((branch, week), 0))
    for branch, total in names.items():
        # Names leave `nd` as soon as their branch is known.
        if branch != "nd" and gone[branch] > max(least, total * share):
            return (
                f"branch shrunk: of {total:,} names of {branch} in the release of {earlier.as_of}, {gone[branch]:,} "
                f"are not in their weeks in that of {later.as_of} (allowed are {least} and {share:.0%}): the branches "
                "may stand in another order"
            )
    return None


def _weeks_fall(earlier: BranchRelease, later: BranchRelease) -> str | None:
    share, least = thresholds.number("release_week_fall_share"), thresholds.whole("release_week_fall_least")
    fallen = [
        week
        for week, deaths in sorted(earlier.by_week.items())
        if deaths - later.by_week.get(week, 0) > max(least, deaths * share)
    ]
    if not fallen:
        return None
    worst = max(fallen, key=lambda week: earlier.by_week[week] - later.by_week.get(week, 0))
    return (
        f"weeks shrunk: {len(fallen)} of {len(earlier.by_week)} weeks have fewer deaths in the release of "
        f"{later.as_of} than in that of {earlier.as_of} by more than {least} and {share:.0%}, most that of {worst} "
        f"(from {earlier.by_week[worst]:,} to {later.by_week.get(worst, 0):,}): a year of identification or a branch "
        "is missing, or the weeks are cut on other days"
    )
