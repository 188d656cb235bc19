"""A few of the trials that report.py runs in full: faults upstream, readers while releases change, kills.

One file, so that one worker runs them on the first night that they share.
"""

import pytest

from tests.reliability import trials
from tests.reliability.made_up_upstream import write_night
from tests.reliability.trials import Installation

pytestmark = pytest.mark.timeout(900)


# Every fault at its request: tests/unit/test_github.py.
def test_a_faulty_source_keeps_its_last_good_figures(installation: Installation) -> None:
    outcome = trials.fault_trial(installation, "corrupt", "confirmed_deaths")
    assert outcome.exit_code == 0
    assert outcome.published
    assert outcome.kept_last_good
    assert outcome.others_advanced
    assert "pulled" in outcome.red_checks


def test_readers_never_see_a_mixture(installation: Installation) -> None:
    nights = [lambda: write_night(installation.github.root, 2), lambda: write_night(installation.github.root, 3)]
    outcome = trials.readers_trial(installation, readers=2, nights=nights)
    assert outcome.refresh_exit_codes == [0, 0]
    assert outcome.errors == []
    assert outcome.torn == 0
    assert outcome.releases_seen >= 2
    assert outcome.reads > 10


# Of everything at once: tests/e2e/test_power_cut.py.
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
