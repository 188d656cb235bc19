"""Facts of the source, and which module does what with its files."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.sources.base import KB, Read, Tables
from orchestration.sources.confirmed_deaths.shapes import CHANGES, VINTAGES
from orchestration.sources.daily_files import DailyFiles
from orchestration.sources.rules import first

if TYPE_CHECKING:
    import pandas as pd

    from orchestration.sources.confirmed_deaths.vintages import Vintage
    from orchestration.sources.intake.archive import RawFile


class ConfirmedDeaths(DailyFiles["Vintage"]):
    """One CSV a day; most repeat the last vintage of the list."""

    name = "confirmed_deaths"
    title = "Confirmed deaths by day of death, every vintage of the list"
    publisher = "Mediazona and BBC News Russian"
    repository = "thunderquack/MZCasualitiesExtractor"
    branch = "master"
    # docs/last_data.csv repeats the newest file, docs/index.html is a page: neither is a vintage.
    path_pattern = re.compile(r"docs/\d{4}-\d{2}-\d{2}_cumsum\.csv", re.ASCII)
    path_of_day = "docs/{:%Y-%m-%d}_cumsum.csv"
    licence = "MIT (repository); the list is the work of Mediazona and BBC News Russian: cite them"
    citation = (
        "Mediazona and BBC News Russian, list of Russian military deaths confirmed by name; daily copies by "
        "thunderquack/MZCasualitiesExtractor"
    )
    # The list is renewed every two weeks; a week of slack for holidays.
    cadence_days = 21
    # Two renewals missed and a week more. (41 days in March 2024, when copies of a fortnight are missing; else 29.)
    alarm_days = 35
    max_bytes = 500 * KB  # (26 kB)
    tables = (CHANGES, VINTAGES)
    note = "Names with a known day of death; Russian forces without DPR/LPR militias. A minimum; counts fall too."

    def parse(self, content: bytes, path: str) -> "pd.DataFrame":
        """death_date, confirmed_deaths: one row a day from the war's first on."""
        from orchestration.sources.confirmed_deaths.parse import parse

        return parse(content, path)

    def assemble(self, files: "Sequence[RawFile]", shipped: Tables, read: Read, workspace: Path) -> Tables:
        """The vintages and their changes, from the shipped vintages overlaid by the daily files."""
        from orchestration.sources.confirmed_deaths import vintages

        known = vintages.rebuild(shipped[CHANGES.name], shipped[VINTAGES.name])
        counts = {**vintages.by_day(known), **vintages.counts_of(files, read)}
        return vintages.to_tables(vintages.distinct(counts))

    def state(self, day: date, parsed: "pd.DataFrame") -> "Vintage":
        """The list as it stood on a day."""
        from orchestration.sources.confirmed_deaths.vintages import Vintage

        return Vintage(day, day, parsed["confirmed_deaths"].to_numpy())

    def shipped_states(self, shipped: Tables) -> "Iterable[tuple[date, Callable[[], Vintage]]]":
        """Every shipped vintage on its first and its last day."""
        from orchestration.sources.confirmed_deaths.vintages import Vintage, rebuild

        for vintage in rebuild(shipped[CHANGES.name], shipped[VINTAGES.name]):
            for day in {vintage.as_of, vintage.last_seen}:
                yield day, partial(Vintage, day, day, vintage.counts)

    def objection(self, candidate: "Vintage", earlier: "Vintage | None", later: "Vintage | None") -> str | None:
        """Whether a list can follow the one before it, and the one after it can follow it."""
        from orchestration.sources.confirmed_deaths.rules import vintages

        return first(
            vintages(earlier, candidate) if earlier else None,
            lambda: vintages(candidate, later) if later else None,
        )


SOURCE = ConfirmedDeaths()
