"""A few of the kills that report.py tries in full; of everything at once: tests/e2e/test_power_cut.py."""

import pytest

from tests.reliability import trials
from tests.reliability.trials import Installation

pytestmark = [pytest.mark.trial, pytest.mark.timeout(900)]


def test_kills_one_after_another_leave_a_whole_release_and_no_clean_up(installation: Installation) -> None:
    with trials.VICTIMS["dbt"].killed(installation, 0.8):
        pass
    assert_recovers(trials.kill_trial(installation, "tree", 4.2))


def test_a_killed_daemon_leaves_its_run_alone(installation: Installation) -> None:
    assert_recovers(trials.kill_trial(installation, "daemon", 6.5))


def assert_recovers(outcome: trials.KillOutcome) -> None:
    assert outcome.release_whole
    assert outcome.next_exit_code == 0
    assert outcome.next_published
    assert outcome.runs_left_started == 0
