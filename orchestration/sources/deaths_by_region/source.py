"""Facts of the source, and which module does what with its file."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from orchestration.sources.base import DATE, INT, KB, TEXT, TableShape, columns
from orchestration.sources.deaths_by_region.rules import RegionCounts
from orchestration.sources.overwritten_file import OverwrittenFile
from orchestration.sources.rules import first

if TYPE_CHECKING:
    import pandas as pd

DEATHS_BY_REGION = TableShape(
    "deaths_by_region",
    columns(as_of=DATE, region=TEXT, region_ru=TEXT, confirmed_deaths=INT),
    key=("as_of", "region"),
    dated_by="as_of",
)


class DeathsByRegion(OverwrittenFile[RegionCounts]):
    """One CSV, a row a region, overwritten when the map changes."""

    name = "deaths_by_region"
    title = "Confirmed deaths by region of origin"
    publisher = "Mediazona and BBC News Russian"
    repository = "AlexTsiris/Russian-Ukraine-War"
    branch = "main"
    # Other files of the repository hold names of people: this one alone is ever asked for.
    path = "powerbi/regions.csv"
    # Days of the commits. The file of 17 June lacks Crimea; on 18 June the one before it came back.
    committed_on: ClassVar = {
        "7f33495d5c14a385c2f8d3a07f853b098dbbc3aa": (date(2026, 6, 14), date(2026, 6, 18)),
        "935e31af03e82352752662408c4929ed1b96e2ef": (date(2026, 6, 17),),
        "8145b465a70d17bce76bd173662f9abeca2b821b": (date(2026, 6, 19),),
        "9c49945e504be79b237e9203ab7682565d689c21": (date(2026, 6, 24),),
    }
    licence = "none stated; figures by Mediazona and BBC News Russian: cite them"
    citation = (
        "Mediazona and BBC News Russian, Russian military deaths confirmed by name, by region of origin; collected in "
        "AlexTsiris/Russian-Ukraine-War"
    )
    # Five changes in ten days of June 2026 and none for weeks after: copied by hand, no rhythm to hold it to. Two
    # months are some four issues of the list.
    cadence_days = 60
    max_bytes = 100 * KB  # (5 kB)
    tables = (DEATHS_BY_REGION,)
    note = (
        "Names located on the map only: about a twentieth of the list has no region. A minimum, not comparable with "
        "totals of the list. The file carries no date: a vintage is of the day of its commit where it is known, else "
        "of the day it was first seen."
    )

    def parse(self, content: bytes, path: str) -> "pd.DataFrame":
        """region, region_ru, confirmed_deaths: one row a region."""
        from orchestration.sources.deaths_by_region.parse import parse

        return parse(content, path)

    def state(self, day: date, parsed: "pd.DataFrame") -> RegionCounts:
        """Located names and Russian name of each region."""
        by_region = parsed.set_index("region")
        return RegionCounts(day, by_region["confirmed_deaths"].to_dict(), by_region["region_ru"].to_dict())

    def objection(
        self, candidate: RegionCounts, earlier: RegionCounts | None, later: RegionCounts | None
    ) -> str | None:
        """Whether a vintage is whole, can follow the one before it, and the one after it can follow it."""
        from orchestration.sources.deaths_by_region import register, rules

        return first(
            rules.whole(candidate, register.regions(candidate.as_of)),
            lambda: rules.follows(earlier, candidate) if earlier else None,
            lambda: rules.follows(candidate, later) if later else None,
        )


SOURCE = DeathsByRegion()
