"""What a run came to, in some lines of text: the last thing an operator reads on the run's page.

What belongs here: the words. What does not: gathering what they are about (defs/release.py).
"""

from collections.abc import Mapping, Sequence

from orchestration.release.database import CheckResult


def run_summary(
    version: str,
    as_of: str,
    row_counts: Mapping[str, int],
    pulls: Mapping[str, str],
    checks: Sequence[CheckResult],
    changes: Sequence[str],
) -> str:
    """Summarize a run that published.

    Args:
        version: of the release.
        as_of: newest vintage of confirmed deaths in it.
        row_counts: rows by published table.
        pulls: what the pull of each source came to, in words; empty where nothing was pulled.
        checks: latest result of every check.
        changes: what differs from the release before, in sentences.
    """
    failed = [check for check in checks if not check.passed]
    red = [check for check in failed if check.severity == "error"]
    lines = [
        f"Published release {version}: {len(row_counts)} tables, {sum(row_counts.values()):,} rows, "
        f"confirmed deaths as of {as_of}.",
        f"Checks: {len(checks) - len(failed)} passed, {len(failed) - len(red)} to look at, {len(red)} failed.",
    ]
    for check in sorted(failed, key=lambda check: (check.severity != "error", check.asset, check.check_name)):
        colour = "FAILED" if check.severity == "error" else "look at"
        measured = f" ({check.measured})" if check.measured else ""
        lines.append(f"  {colour}: {check.asset}, {check.check_name}{measured}. {check.meaning}")
    lines += ["Pulled:", *(f"  {source}: {words}" for source, words in sorted(pulls.items()))] if pulls else []
    lines += ["Changed since the release before:", *(f"  {sentence}" for sentence in changes)]
    return "\n".join(lines)
