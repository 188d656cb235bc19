"""Confirmed deaths by branch of service: one CSV, Thursday weeks, one column a branch, revised with each release."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from orchestration.sources import parsing
from orchestration.sources.catalog import SOURCES
from orchestration.sources.dated_releases import overlay_releases
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.intake.archive import RawFile
from orchestration.sources.observations import Tables

# The file carries no date. The day of its release stands on Mediazona's page: add new ones here (blob sha → day).
RELEASED_ON = {"d3967a8b06216cb7b36bc4b6ac59a79d821773f3": date(2026, 5, 22)}
# `nd` (no data) is a branch like the others: the share of unknowns stays visible.
BRANCHES = tuple(column for column in SOURCES["deaths_by_branch"].columns if column not in ("week_start", "total"))
_THURSDAY = 3


def parse(content: bytes, path: str) -> pd.DataFrame:
    """Read the file into week_start (Thursday), branch, confirmed_deaths, week_total; raises SourceFormatError.

    A blank is zero, except that the weeks after the last one with any figure are not reported yet and left out.
    """
    rows = parsing.csv_rows(content, path, SOURCES["deaths_by_branch"].columns)
    week_start = parsing.dates(rows["week_start"], path, parsing.DOTTED_DATE)
    parsing.weekly(week_start, path, _THURSDAY, "Thursday")

    reported = (rows[["total", *BRANCHES]] != "").any(axis="columns")
    if not reported.any():
        raise SourceFormatError(path, "whole file", "has no week with any figure")
    rows = rows[reported[::-1].cummax()[::-1]]
    total = parsing.counts(rows["total"], path, blank_is_zero=True)
    counts = pd.DataFrame({name: parsing.counts(rows[name], path, blank_is_zero=True) for name in BRANCHES})
    if (counts.sum(axis="columns") != total).any():
        line = (counts.sum(axis="columns") != total).idxmax()
        problem = f"is {total[line]}, but the branches sum to {counts.loc[line].sum()}"
        raise SourceFormatError(path, f"line {line}, column 'total'", problem)
    wide = counts.assign(week_start=week_start, week_total=total)
    return wide.melt(["week_start", "week_total"], var_name="branch", value_name="confirmed_deaths")


def observe(files: Sequence[RawFile], embedded: Tables) -> Tables:
    """Confirmed deaths by release, week and branch."""
    name = "deaths_by_branch"
    return {name: overlay_releases(name, files, embedded[name], parse, RELEASED_ON)}
