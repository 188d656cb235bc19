"""Facts of the source, and which module does what with its file."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from orchestration.sources.base import DATE, INT, KB, TEXT, TableShape, columns
from orchestration.sources.dated_releases import DatedReleases, WeeklyRelease

if TYPE_CHECKING:
    import pandas as pd

DEATHS_BY_BRANCH = TableShape(
    "deaths_by_branch",
    columns(as_of=DATE, week_start=DATE, branch=TEXT, confirmed_deaths=INT, week_total=INT),
    key=("as_of", "week_start", "branch"),
    dated_by="as_of",
)


class DeathsByBranch(DatedReleases):
    """One CSV, Thursday weeks, revised with each release."""

    name = "deaths_by_branch"
    title = "Confirmed deaths by branch of service and week"
    publisher = "Mediazona and BBC News Russian"
    repository = "Narretz/sbs-stats"
    branch = "main"
    path = "scripts/mediazona/source/confirmed_losses_per_week.csv"
    # The day of release stands on Mediazona's page.
    released_on: ClassVar = {"d3967a8b06216cb7b36bc4b6ac59a79d821773f3": date(2026, 5, 22)}
    licence = "none stated; figures by Mediazona and BBC News Russian: cite them"
    citation = "Mediazona and BBC News Russian, confirmed Russian military deaths by branch of service and week"
    # Copied by hand together with the probate estimate.
    cadence_days = 180
    max_bytes = 500 * KB  # (15 kB)
    tables = (DEATHS_BY_BRANCH,)
    note = "Weeks start on Thursdays: another grid and another vintage than the deaths by day. nd = no data."

    def parse(self, content: bytes, path: str) -> "pd.DataFrame":
        """week_start (Thursday), branch, confirmed_deaths, week_total: one row a week and branch."""
        from orchestration.sources.deaths_by_branch.parse import parse

        return parse(content, path)

    def state(self, day: date, parsed: "pd.DataFrame") -> WeeklyRelease:
        """Sum over all, sum of each branch, and the largest week."""
        by_branch = parsed.groupby("branch")["confirmed_deaths"].sum()
        worst = parsed.groupby("week_start")["confirmed_deaths"].sum().max()
        measures = {f"the sum of branch {branch}": float(total) for branch, total in by_branch.items()}
        return WeeklyRelease(
            day,
            frozenset(week.date() for week in parsed["week_start"]),
            {"confirmed_deaths": float(by_branch.sum())},
            {**measures, "the worst week": float(worst)},
        )


SOURCE = DeathsByBranch()
