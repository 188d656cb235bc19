"""Made-up observations of a longer war and of a list that is issued more often, to see how a refresh grows.

The shipped series are repeated end to end, or filled in between: shapes, gaps and corrections are real, the figures are
nobody's. They are written to a temporary copy of the project and never leave it.
"""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pandas as pd

from orchestration.sources import TABLES
from orchestration.sources.base import Tables
from orchestration.sources.confirmed_deaths.vintages import Vintage, distinct, rebuild, to_tables
from orchestration.sources.tables import conform

# Columns that count up over the whole war.
_CUMULATIVE = {"claimed_losses": ("category", "claimed_losses_cum")}
# The calendar repeats after four years, so quarters and halves stay what they are.
_CALENDAR_YEARS = 4


def longer(tables: Tables, times: int) -> Tables:
    """All series `times` over, end to end: so many times the days, and so many times the vintages of the list."""
    vintages = rebuild(tables["confirmed_deaths"], tables["confirmed_deaths_vintages"])
    grown = {
        "claimed_losses": _repeated_claims(tables["claimed_losses"], times, _span_of_claims(tables)),
        "claimed_losses_second": _repeated_claims(tables["claimed_losses_second"], times, _span_of_claims(tables)),
        "claimed_losses_second_reports": _repeated_reports(tables, times),
        "occupied_area": _repeated_areas(tables["occupied_area"], times),
        "occupied_area_2022_23": tables["occupied_area_2022_23"],  # closed for good
        "probate_estimates": _repeated_weeks(tables["probate_estimates"], times),
        "deaths_by_branch": _repeated_weeks(tables["deaths_by_branch"], times),
        "deaths_by_year_identified": tables["deaths_by_year_identified"],  # empty until a release is split
        "deaths_by_region": tables["deaths_by_region"],  # no days of death in it: a longer war has no more rows
        **to_tables(longer_list(vintages, times)),
    }
    return {name: conform(TABLES[name], grown[name]) for name in tables}


def more_often(tables: Tables, times: int) -> Tables:
    """The list as if it were issued so many times as often over the same days."""
    vintages = rebuild(tables["confirmed_deaths"], tables["confirmed_deaths_vintages"])
    return {**tables, **to_tables(denser_list(vintages, times))}


def longer_list(vintages: Sequence[Vintage], times: int) -> list[Vintage]:
    """The vintages again and again, each time with everything that was counted before in front of them.

    Of the last days of a list hardly a name is known yet; once they lie in the past each has at least one.
    """
    whole = np.maximum(vintages[-1].counts, 1)
    span = timedelta(days=len(whole))
    return [
        Vintage(
            vintage.as_of + spell * span,
            vintage.last_seen + spell * span,
            np.concatenate([np.tile(whole, spell), vintage.counts]),
        )
        for spell in range(times)
        for vintage in vintages
    ]


def denser_list(vintages: Sequence[Vintage], times: int) -> list[Vintage]:
    """Vintages on as many days between the first and the last as there are days for, at most `times` as many.

    What lies between two real vintages is on its way from one to the other.
    """
    days = np.array([(vintage.as_of - vintages[0].as_of).days for vintage in vintages])
    wanted = np.unique(np.linspace(days[0], days[-1], times * len(vintages)).round().astype(int))
    dense = {}
    for day in wanted:
        before = int(np.searchsorted(days, day, side="right")) - 1
        earlier, later = vintages[before], vintages[min(before + 1, len(vintages) - 1)]
        gap = (later.as_of - earlier.as_of).days
        share = (day - days[before]) / gap if gap else 0.0
        # Days of death that only the later vintage covers are not known yet.
        step = later.counts[: len(earlier.counts)] - earlier.counts
        counts = earlier.counts + (step * share).round().astype(int)
        dense[vintages[0].as_of + timedelta(days=int(day))] = counts
    return distinct(dense)


def more_recruitment(statements: pd.DataFrame, spells: int, speakers: int) -> pd.DataFrame:
    """The statements of recruitment again for so many four-year spells, and by so many made-up speakers in each."""
    grown = []
    for spell in range(spells):
        moved = statements.copy()
        for column in ("period_start", "period_end", "published_on"):
            days = pd.to_datetime(moved[column]) + pd.DateOffset(years=_CALENDAR_YEARS * spell)
            moved[column] = days.dt.strftime("%Y-%m-%d").fillna("")
        grown += [moved.assign(claimant=moved["claimant"] + f" {speaker}") for speaker in range(speakers)]
    return pd.concat(grown, ignore_index=True)


def named_totals_more_often(named_totals: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """The named totals beside the dated totals of the vintages that are in force on their days in grown tables."""
    vintages = tables["confirmed_deaths_vintages"].sort_values("as_of")
    at = np.searchsorted(vintages["as_of"], pd.to_datetime(named_totals["as_of"]), side="right") - 1
    return named_totals.assign(dated_total=vintages["dated_total"].to_numpy()[at])


def _repeated_claims(claims: pd.DataFrame, times: int, span: pd.Timedelta) -> pd.DataFrame:
    reached = claims.groupby("category")["claimed_losses_cum"].max()
    return pd.concat(
        [
            claims.assign(
                report_date=claims["report_date"] + spell * span,
                claimed_losses_cum=claims["claimed_losses_cum"] + spell * claims["category"].map(reached),
            )
            for spell in range(times)
        ]
    )


def _repeated_reports(tables: Tables, times: int) -> pd.DataFrame:
    reports = tables["claimed_losses_second_reports"]
    return pd.concat(
        [reports.assign(report_date=reports["report_date"] + spell * _span_of_claims(tables)) for spell in range(times)]
    )


def _span_of_claims(tables: Tables) -> pd.Timedelta:
    """Both copies of the claims move by that of the first, so that the same reports stay beside one another."""
    return _span(tables["claimed_losses"]["report_date"])


def _repeated_areas(areas: pd.DataFrame, times: int) -> pd.DataFrame:
    """The level of each spell runs back from the end of the one before, so that no step is out of bounds."""
    spells = [areas]
    span = _span(areas["area_date"])
    for spell in range(1, times):
        last = spells[-1].iloc[-1]
        # Backwards in time what was gained is lost; the first step of a spell starts from the last day of the old one.
        mirrored = spells[-1].iloc[::-1]
        steps = mirrored[["gained_km2", "lost_km2"]].shift(1)
        dates = areas["area_date"] + spell * span
        spells.append(
            pd.DataFrame(
                {
                    "area_date": dates.to_numpy(),
                    "occupied_km2": mirrored["occupied_km2"].to_numpy(),
                    "previous_date": np.concatenate([[last["area_date"].to_datetime64()], dates.to_numpy()[:-1]]),
                    "gained_km2": steps["lost_km2"].fillna(0).to_numpy(),
                    "lost_km2": steps["gained_km2"].fillna(0).to_numpy(),
                }
            )
        )
    return pd.concat(spells)


def _repeated_weeks(weeks: pd.DataFrame, times: int) -> pd.DataFrame:
    """One release that covers so many times the weeks."""
    span = _span(weeks["week_start"]) + pd.Timedelta(days=6)
    grown = pd.concat([weeks.assign(week_start=weeks["week_start"] + spell * span) for spell in range(times)])
    return grown.assign(as_of=grown["as_of"] + (times - 1) * span)


def _span(days: pd.Series) -> pd.Timedelta:
    """From the first day to the day after the last."""
    return days.max() - days.min() + pd.Timedelta(days=1)
