"""Facts of the source, and which module does what with its files."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.sources.base import DATE, INT, MB, TEXT, Read, Tables, TableShape, columns
from orchestration.sources.whole_series import WholeSeries

if TYPE_CHECKING:
    import pandas as pd

    from orchestration.sources.checks import Check
    from orchestration.sources.intake.archive import RawFile

CLAIMED_LOSSES = TableShape(
    "claimed_losses",
    columns(report_date=DATE, category=TEXT, claimed_losses_cum=INT, correction=INT),
    key=("report_date", "category"),
    dated_by="report_date",
)


class ClaimedLosses(WholeSeries):
    """Three JSON files, each cumulative from the first report on."""

    name = "claimed_losses"
    title = "Claimed Russian losses in personnel and equipment, cumulative by day"
    publisher = "General Staff of the Armed Forces of Ukraine"
    repository = "PetroIvaniuk/2022-Ukraine-Russia-War-Dataset"
    branch = "main"
    # russia_losses_equipment_oryx.json counts visually confirmed items, another measure: not taken.
    paths = (
        "data/russia_losses_personnel.json",
        "data/russia_losses_equipment.json",
        "data/russia_losses_equipment_correction.json",
    )
    dated_by = "report_date"
    licence = "MIT (repository)"
    citation = (
        "General Staff of the Armed Forces of Ukraine, daily claims of Russian losses; collected in "
        "PetroIvaniuk/2022-Ukraine-Russia-War-Dataset"
    )
    # The claim is reported every morning; two days of slack for the collector.
    cadence_days = 3
    max_bytes = 10 * MB  # (645 kB)
    tables = (CLAIMED_LOSSES,)
    note = "Claimed by a party to the war. Personnel: killed and wounded. Corrections make cumulative figures fall."

    def parse(self, content: bytes, path: str) -> "pd.DataFrame":
        """report_date, category and claimed_losses_cum or correction: one row a figure."""
        from orchestration.sources.claimed_losses.parse import parse

        return parse(content, path)

    def assemble(self, files: "Sequence[RawFile]", shipped: Tables, read: Read, workspace: Path) -> Tables:
        """Claimed losses by day and category, from the shipped figures overlaid by the newest files."""
        from orchestration.sources.claimed_losses.overlay import overlay
        from orchestration.sources.tables import conform

        return {CLAIMED_LOSSES.name: conform(CLAIMED_LOSSES, overlay(shipped[CLAIMED_LOSSES.name], files, read))}

    def shipped_series(self, path: str, shipped: Tables) -> "pd.DataFrame":
        """The cells that a file of this path would hold."""
        from orchestration.sources.claimed_losses.parse import shipped_cells

        return shipped_cells(path, shipped[CLAIMED_LOSSES.name])

    def objection(self, known: "pd.DataFrame", candidate: "pd.DataFrame") -> str | None:
        """Whether claims, or corrections of claims, can follow those accepted."""
        from orchestration.sources.claimed_losses import rules

        return (rules.corrections if "correction" in candidate else rules.cumulative)(known, candidate)

    def checks(self) -> "Sequence[Check]":
        """That every category is known."""
        from orchestration.sources.claimed_losses.checks import CATEGORIES_KNOWN

        return (CATEGORIES_KNOWN,)

    def is_dated_to_the_day(self, parsed: "pd.DataFrame") -> bool:
        """Corrections are not made every day."""
        return "correction" not in parsed


SOURCE = ClaimedLosses()
