"""The result of a check as a release publishes it.

What belongs here: one row of `quality_checks` and the words for its colour. What does not: where results come from
(runs/check_history.py) and how the table is written (database.py).
"""

from dataclasses import dataclass
from datetime import datetime

# What a reader is told of a check by its colour: passed, or the severity of a failure.
COLOURS_IN_WORDS = {"passed": "passed", "warn": "to look at", "error": "failed"}


@dataclass(frozen=True)
class CheckResult:
    """One row of quality_checks: the latest result of a check, with what a failure means to a reader."""

    asset: str
    check_name: str
    severity: str
    passed: bool
    measured: str | None
    threshold: str | None
    meaning: str
    checked_at: datetime

    @property
    def colour(self) -> str:
        """A key of COLOURS_IN_WORDS."""
        return "passed" if self.passed else self.severity
