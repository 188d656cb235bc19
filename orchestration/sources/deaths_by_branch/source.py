"""Facts of the source, and which module does what with its file."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from orchestration.sources.base import DATE, INT, MB, TEXT, Tables, TableShape, columns
from orchestration.sources.dated_releases import DatedReleases
from orchestration.sources.deaths_by_branch import rules
from orchestration.sources.rules import first

if TYPE_CHECKING:
    import pandas as pd

DEATHS_BY_YEAR_IDENTIFIED = TableShape(
    "deaths_by_year_identified",
    columns(as_of=DATE, week_start=DATE, year_identified=INT, confirmed_deaths=INT),
    key=("as_of", "week_start", "year_identified"),
    dated_by="as_of",
)
DEATHS_BY_BRANCH = TableShape(
    "deaths_by_branch",
    columns(as_of=DATE, week_start=DATE, branch=TEXT, confirmed_deaths=INT, week_total=INT),
    key=("as_of", "week_start", "branch"),
    dated_by="as_of",
)


class DeathsByBranch(DatedReleases[rules.BranchRelease]):
    """One CSV, Thursday weeks, revised with each release; or Mediazona's own file, brought by a person."""

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
    max_bytes = 5 * MB  # (15 kB; Mediazona's own file is a script of some hundred kB)
    tables = (DEATHS_BY_YEAR_IDENTIFIED, DEATHS_BY_BRANCH)
    note = (
        "Weeks start on Thursdays: another grid and another vintage than the deaths by day. nd = no data. From the "
        "release of 14 August 2026 on Mediazona's own file also tells the year in which the names were identified."
    )

    def parse(self, content: bytes, path: str) -> "pd.DataFrame":
        """week_start (Thursday), branch, year_identified (null in the older shape), confirmed_deaths, week_total."""
        from orchestration.sources.deaths_by_branch.parse import parse

        return parse(content, path)

    def tables_of(self, parsed: "pd.DataFrame") -> Tables:
        """The sums over the years of identification, and those over the branches where there are years.

        Nobody is identified before he died: a week has rows from its own year on, and earlier ones only of slips.
        """
        by_branch = parsed.groupby(["week_start", "branch", "week_total"], as_index=False)["confirmed_deaths"].sum()
        split = parsed[parsed["year_identified"].notna()].astype({"year_identified": "int64"})
        by_year = split.groupby(["week_start", "year_identified"], as_index=False)["confirmed_deaths"].sum()
        by_year = by_year[
            (by_year["year_identified"] >= by_year["week_start"].dt.year) | (by_year["confirmed_deaths"] > 0)
        ]
        return {DEATHS_BY_YEAR_IDENTIFIED.name: by_year, DEATHS_BY_BRANCH.name: by_branch}

    def release(self, day: date, tables: Tables) -> rules.BranchRelease:
        """Sum over all, sum of each branch, of each week and of each year of identification, and the largest week."""
        deaths, split = tables[DEATHS_BY_BRANCH.name], tables[DEATHS_BY_YEAR_IDENTIFIED.name]
        by_branch = deaths.groupby("branch")["confirmed_deaths"].sum()
        by_week = {
            week.date(): int(total) for week, total in deaths.groupby("week_start")["confirmed_deaths"].sum().items()
        }
        by_year = split.groupby("year_identified")["confirmed_deaths"].sum()
        measures = {f"the sum of branch {branch}": float(total) for branch, total in by_branch.items()}
        return rules.BranchRelease(
            day,
            frozenset(by_week),
            {"confirmed_deaths": float(by_branch.sum())},
            {**measures, "the worst week": float(max(by_week.values()))},
            {
                (branch, week.date()): int(count)
                for branch, week, count in zip(
                    deaths["branch"], deaths["week_start"], deaths["confirmed_deaths"], strict=True
                )
            },
            by_week,
            {int(year): int(total) for year, total in by_year.items()},
        )

    def objection(
        self,
        candidate: rules.BranchRelease,
        earlier: rules.BranchRelease | None,
        later: rules.BranchRelease | None,
    ) -> str | None:
        """Whether its years are whole, and it can stand between its neighbours."""
        return first(
            rules.years_identified(candidate),
            lambda: super(DeathsByBranch, self).objection(candidate, earlier, later),
            lambda: rules.follows(earlier, candidate) if earlier else None,
            lambda: rules.follows(candidate, later) if later else None,
        )


SOURCE = DeathsByBranch()
