"""Facts of the source, and which module does what with its file."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from orchestration.sources.base import DATE, DOUBLE, INT, MB, Tables, TableShape, columns
from orchestration.sources.dated_releases import DatedReleases, WeeklyRelease

if TYPE_CHECKING:
    import pandas as pd

PROBATE_ESTIMATES = TableShape(
    "probate_estimates",
    columns(as_of=DATE, week_start=DATE, documented_deaths=INT, probate_estimate=DOUBLE),
    key=("as_of", "week_start"),
    dated_by="as_of",
)


class ProbateEstimates(DatedReleases[WeeklyRelease]):
    """One CSV, revised with each release; or Mediazona's own file, brought by a person."""

    name = "probate_estimates"
    title = "Weekly estimate of deaths from the probate registry"
    publisher = "Mediazona and Meduza"
    repository = "Narretz/sbs-stats"
    branch = "main"
    path = "scripts/mediazona/source/probate_registry_estimate.csv"
    # The day of release stands on Mediazona's page.
    released_on: ClassVar = {"19266a5076450a8320beff6f927ff1f713036353": date(2026, 5, 22)}
    licence = "none stated; figures by Mediazona and Meduza: cite them"
    citation = "Mediazona and Meduza, weekly estimate of Russian military deaths from the probate registry"
    # Two releases a year at best; half a year.
    cadence_days = 180
    max_bytes = 5 * MB  # (7 kB; Mediazona's own file is a script of some hundred kB)
    tables = (PROBATE_ESTIMATES,)
    note = "Every release revises all weeks; the last half-year of a release is partly a forecast."

    def parse(self, content: bytes, path: str) -> "pd.DataFrame":
        """week_start (Monday), documented_deaths, probate_estimate: one row a week."""
        from orchestration.sources.probate_estimates.parse import parse

        return parse(content, path)

    def release(self, day: date, tables: Tables) -> WeeklyRelease:
        """Sum and largest week of both measures."""
        weeks = tables[PROBATE_ESTIMATES.name]
        totals = {name: float(weeks[name].sum()) for name in ("documented_deaths", "probate_estimate")}
        measures = {f"the sum of {name}": total for name, total in totals.items()}
        worst = {f"the worst week of {name}": float(weeks[name].max()) for name in totals}
        return WeeklyRelease(day, frozenset(week.date() for week in weeks["week_start"]), totals, measures | worst)


SOURCE = ProbateEstimates()
