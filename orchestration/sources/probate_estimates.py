"""The weekly probate estimate of Mediazona and Meduza: one CSV, revised with each release."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from orchestration.sources import parsing
from orchestration.sources.catalog import SOURCES
from orchestration.sources.dated_releases import overlay_releases
from orchestration.sources.intake.archive import RawFile
from orchestration.sources.observations import Tables

# The file carries no date. The day of its release stands on Mediazona's page: add new ones here (blob sha → day).
RELEASED_ON = {"19266a5076450a8320beff6f927ff1f713036353": date(2026, 5, 22)}
_MONDAY = 0


def parse(content: bytes, path: str) -> pd.DataFrame:
    """Read the file into week_start (Monday), documented_deaths, probate_estimate; raises SourceFormatError."""
    rows = parsing.csv_rows(content, path, SOURCES["probate_estimates"].columns)
    week_start = parsing.dates(rows["week"], path, parsing.DOTTED_DATE)
    parsing.weekly(week_start, path, _MONDAY, "Monday")
    return pd.DataFrame(
        {
            "week_start": week_start,
            "documented_deaths": parsing.counts(rows["real"], path),
            "probate_estimate": parsing.numbers(rows["rnd"], path),
        }
    ).reset_index(drop=True)


def observe(files: Sequence[RawFile], embedded: Tables) -> Tables:
    """The estimate by release and week."""
    name = "probate_estimates"
    return {name: overlay_releases(name, files, embedded[name], parse, RELEASED_ON)}
