"""A few of the trials that report.py runs in full: faults upstream, readers while releases change."""

import pytest

from tests.reliability import trials
from tests.reliability.made_up_upstream import write_night
from tests.reliability.trials import Installation

pytestmark = [pytest.mark.trial, pytest.mark.timeout(900)]


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
