"""What a run came to, in words: its checks counted by colour, and the last thing an operator reads on the run's page.

What belongs here: the words. What does not: gathering what they are about (check_history.py, pulls.py), and how a
terminal shows them (cli/refresh.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from orchestration.release.check_results import COLOURS_IN_WORDS, CheckResult
from orchestration.runs.pulls import Pulled


@dataclass(frozen=True)
class CheckTally:
    """The checks of a run by colour; those that did not pass by asset and name."""

    passed: int
    to_look_at: Sequence[CheckResult]
    failed: Sequence[CheckResult]

    @classmethod
    def of(cls, checks: Sequence[CheckResult]) -> Self:
        """Sort the latest results of all checks."""
        by_name = sorted(checks, key=lambda check: (check.asset, check.check_name))
        return cls(
            passed=sum(check.passed for check in checks),
            to_look_at=[check for check in by_name if check.colour == "warn"],
            failed=[check for check in by_name if check.colour == "error"],
        )

    @property
    def counts(self) -> tuple[str, str, str]:
        """`250 passed`, `2 to look at`, `1 failed`."""
        return (
            f"{self.passed} {COLOURS_IN_WORDS['passed']}",
            f"{len(self.to_look_at)} {COLOURS_IN_WORDS['warn']}",
            f"{len(self.failed)} {COLOURS_IN_WORDS['error']}",
        )


def run_summary(
    version: str,
    as_of: str,
    row_counts: Mapping[str, int],
    pulls: Sequence[Pulled],
    checks: Sequence[CheckResult],
    changes: Sequence[str],
) -> str:
    """Summarize a run that published.

    Args:
        version: of the release.
        as_of: newest vintage of confirmed deaths in it.
        row_counts: rows by published table.
        pulls: what the pull of each source brought; empty where nothing was pulled.
        checks: latest result of every check.
        changes: what differs from the release before, in sentences.
    """
    tally = CheckTally.of(checks)
    lines = [
        f"Published release {version}: {len(row_counts)} tables, {sum(row_counts.values()):,} rows, "
        f"confirmed deaths as of {as_of}.",
        f"Checks: {', '.join(tally.counts)}.",
    ]
    for words, not_passed in (("FAILED", tally.failed), ("look at", tally.to_look_at)):
        for check in not_passed:
            measured = f" ({check.measured})" if check.measured else ""
            lines.append(f"  {words}: {check.asset}, {check.check_name}{measured}. {check.meaning}")
    if pulls:
        lines.append("Pulled:")
        for pulled in sorted(pulls, key=lambda pulled: pulled.source):
            counts = f"{pulled.new:,} new, {pulled.changed:,} changed, {pulled.gone:,} gone"
            lines.append(f"  {pulled.source}: {counts}")
    lines += ["Changed since the release before:", *(f"  {sentence}" for sentence in changes)]
    return "\n".join(lines)
