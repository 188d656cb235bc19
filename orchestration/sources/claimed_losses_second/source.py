"""Facts of the source, and which module does what with its file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.sources.base import DATE, INT, MB, TEXT, Read, Tables, TableShape, columns
from orchestration.sources.whole_series import WholeSeries

if TYPE_CHECKING:
    import pandas as pd

    from orchestration.sources.checks import Check
    from orchestration.sources.intake.archive import RawFile

FIGURES = TableShape(
    "claimed_losses_second",
    columns(report_date=DATE, category=TEXT, claimed_losses_cum=INT),
    key=("report_date", "category"),
    dated_by="report_date",
)
REPORTS = TableShape(
    "claimed_losses_second_reports",
    columns(optional=("source_url",), report_date=DATE, source_url=TEXT),
    key=("report_date",),
    dated_by="report_date",
)


class ClaimedLossesSecond(WholeSeries):
    """One JSON file, newest day first, cumulative from the fourth day of the invasion on."""

    name = "claimed_losses_second"
    title = "Claimed Russian losses in a second copy, each day with the address of its report"
    publisher = "General Staff of the Armed Forces of Ukraine"
    repository = "lod-db/orc-losses"
    branch = "main"
    paths = ("russian-losses.json",)
    dated_by = "report_date"
    licence = "MIT (repository)"
    citation = (
        "General Staff of the Armed Forces of Ukraine, daily claims of Russian losses, as published by the Ministry of "
        "Defence of Ukraine; collected in lod-db/orc-losses"
    )
    # The claim is reported every morning; two days of slack for the collector.
    cadence_days = 3
    max_bytes = 10 * MB  # (639 kB)
    tables = (FIGURES, REPORTS)
    note = (
        "The same reports as claimed_losses, copied by others: used where that one stands still, and to hold it "
        "against. Days are missing, most of them from July to December 2023."
    )

    def parse(self, content: bytes, path: str) -> "pd.DataFrame":
        """report_date, source_url, category and claimed_losses_cum: one row a figure."""
        from orchestration.sources.claimed_losses_second.parse import parse

        return parse(content, path)

    def assemble(self, files: "Sequence[RawFile]", shipped: Tables, read: Read, workspace: Path) -> Tables:
        """Reports and their figures, from the shipped ones overlaid by the newest file."""
        from orchestration.sources import tables
        from orchestration.sources.intake.archive import newest_by_path

        filled = {shape.name: shipped[shape.name] for shape in self.tables}
        for file in newest_by_path(files):
            parsed = read(file)
            for shape in self.tables:
                newer = parsed[shape.columns].drop_duplicates(list(shape.key))
                filled[shape.name] = tables.overlay(shape, filled[shape.name], newer)
        return filled

    def shipped_series(self, path: str, shipped: Tables) -> "pd.DataFrame":
        """All shipped figures, each with the address of its report."""
        return shipped[FIGURES.name].merge(shipped[REPORTS.name], on="report_date", how="left")

    def objection(self, known: "pd.DataFrame", candidate: "pd.DataFrame") -> str | None:
        """Whether the figures can follow those accepted, and one another."""
        from orchestration.sources.claimed_losses_second import rules

        return rules.cumulative(known, candidate)

    def checks(self) -> "Sequence[Check]":
        """That it says what the first source says."""
        from orchestration.sources.claimed_losses_second.checks import SOURCES_AGREE

        return (SOURCES_AGREE,)


SOURCE = ClaimedLossesSecond()
