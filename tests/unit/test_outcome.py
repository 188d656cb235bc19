"""The last words of a run: what is red comes before what is only to be looked at."""

from datetime import datetime

from orchestration.release.check_results import CheckResult
from orchestration.runs.outcome import run_summary
from orchestration.runs.pulls import Pulled


def check(name: str, severity: str = "error", passed: bool = True, measured: str | None = None) -> CheckResult:
    return CheckResult("marts/a", name, severity, passed, measured, "none", f"What {name} means.", datetime(2026, 1, 1))


def test_a_run_with_something_red() -> None:
    checks = [check("fine"), check("old", "warn", False, "40 days"), check("pulled", "error", False)]
    said = run_summary(
        "2026.01.02",
        "2025-12-30",
        {"a": 1200, "b": 1},
        [Pulled("areas", new=1, changed=0, unchanged=3, gone=0)],
        checks,
        ["`a`: 2 rows added."],
    )
    assert said.splitlines() == [
        "Published release 2026.01.02: 2 tables, 1,201 rows, confirmed deaths as of 2025-12-30.",
        "Checks: 1 passed, 1 to look at, 1 failed.",
        "  FAILED: marts/a, pulled. What pulled means.",
        "  look at: marts/a, old (40 days). What old means.",
        "Pulled:",
        "  areas: 1 new, 0 changed, 0 gone",
        "Changed since the release before:",
        "  `a`: 2 rows added.",
    ]


def test_nothing_pulled_is_not_mentioned() -> None:
    assert "Pulled" not in run_summary(
        "2026.01.02", "2025-12-30", {"a": 1}, [], [check("fine")], ["No figure changed."]
    )
