"""A few of the kills that report.py tries by the dozen."""

import pytest

from tests.reliability import trials
from tests.reliability.trials import Installation

pytestmark = pytest.mark.timeout(900)


# Of everything at once: tests/e2e/test_power_cut.py.
@pytest.mark.parametrize("victim", ["dbt", "tree", "daemon"])
def test_a_kill_leaves_a_whole_release_and_no_clean_up(installation: Installation, victim: str) -> None:
    (after_s,) = trials.moments(1, longest_s=1.5 if victim == "dbt" else 8, seed=len(victim))
    outcome = trials.kill_trial(installation, victim, after_s)
    assert outcome.release_whole
    assert outcome.next_exit_code == 0
    assert outcome.next_published
    assert outcome.runs_left_started == 0
