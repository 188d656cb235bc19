"""The release's page: charts, their tables and their wording, all from the published file.

What belongs here: which figures the page shows, in what words and how they are drawn. What does not: how figures are
computed (dbt), and when the page is built (the wiring). Altair and vl-convert are imported by the modules inside, so
that nothing of it is loaded before a page is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Report:
    """What was written.

    Attributes:
        index: the page.
        files: all files, the page among them, relative to the folder.
        missing: by name of figure, the sentence in place of a drawing that the data do not allow.
        drawings: by name of figure, its drawing as SVG that stands alone, with title and source.
    """

    index: Path
    files: Sequence[str]
    missing: dict[str, str]
    drawings: dict[str, str]
