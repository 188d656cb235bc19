"""A few of the trials that report.py runs in full: faults upstream, kills, readers, nights."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.settings import EMBEDDED_DIR, Settings
from orchestration.sources import build, embedded, observations
from orchestration.sources.archive import Archive
from orchestration.sources.catalog import SOURCES
from orchestration.sources.github import GitHub, pull
from tests.reliability import trials
from tests.reliability.faulty_github import FaultyGitHub, serve
from tests.reliability.made_up_upstream import write_night
from tests.reliability.trials import Installation

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def github(tmp_path_factory) -> Iterator[FaultyGitHub]:
    root = tmp_path_factory.mktemp("upstream")
    write_night(root, 0)
    with serve(root) as server:
        yield server


@pytest.fixture(scope="module")
def first_night(github: FaultyGitHub, tmp_path_factory) -> Installation:
    """An installation that has pulled once; upstream has moved on a night since."""
    installation = Installation(tmp_path_factory.mktemp("installation") / "data", github)
    result = installation.refresh()
    assert result.returncode == 0, result.stdout + result.stderr
    write_night(github.root, 1)
    return installation


@pytest.fixture
def installation(first_night: Installation, tmp_path: Path) -> Installation:
    return first_night.copy_to(tmp_path / "data")


@pytest.mark.parametrize(("kind", "source"), [("corrupt", "confirmed_deaths"), ("503", "claimed_losses")])
def test_a_faulty_source_keeps_its_last_good_figures(installation: Installation, kind: str, source: str) -> None:
    outcome = trials.fault_trial(installation, kind, source)
    assert outcome.exit_code == 0
    assert outcome.published
    assert outcome.kept_last_good
    assert outcome.others_advanced
    assert "pulled" in outcome.red_checks


# Of everything at once: tests/e2e/test_power_cut.py.
@pytest.mark.parametrize("victim", ["dbt", "tree", "daemon"])
def test_a_kill_leaves_a_whole_release_and_no_clean_up(installation: Installation, victim: str) -> None:
    (after_s,) = trials.moments(1, longest_s=1.5 if victim == "dbt" else 8, seed=len(victim))
    outcome = trials.kill_trial(installation, victim, after_s)
    assert outcome.release_whole
    assert outcome.next_exit_code == 0
    assert outcome.next_published
    assert outcome.runs_left_started == 0


def test_readers_never_see_a_mixture(installation: Installation) -> None:
    nights = [lambda: write_night(installation.github.root, 2), lambda: write_night(installation.github.root, 3)]
    outcome = trials.readers_trial(installation, readers=4, nights=nights)
    assert outcome.refresh_exit_codes == [0, 0]
    assert outcome.errors == []
    assert outcome.torn == 0
    assert outcome.releases_seen >= 2
    assert outcome.reads > 10


def test_ten_nights_end_where_one_pull_of_everything_does(tmp_path: Path) -> None:
    root = tmp_path / "upstream"
    write_night(root, 0)
    with serve(root) as github:
        nightly = Installation(tmp_path / "nightly", github)
        assert nightly.refresh().returncode == 0
        for night in range(1, 10):
            write_night(root, night)
            github.requests.clear()
            pull_and_observe(nightly)
            # One listing a repository; one vintage, one map, two files of claims; the first night's revisions.
            assert len(github.requests) == 5 + 4 + (3 if night == 1 else 0), github.requests
        write_night(root, 10)
        assert nightly.refresh().returncode == 0
        github.requests.clear()
        pull_and_observe(nightly)
        assert len(github.requests) == 5
        at_once = Installation(tmp_path / "at-once", github)
        assert at_once.refresh().returncode == 0
    assert trials.differing_tables(nightly, at_once) == []


def pull_and_observe(installation: Installation) -> None:
    """A night's work up to the observations; marts are built whole from these, so the last night's are enough."""
    settings = Settings(installation.data_dir, installation.github.url, installation.github.url, None)
    archive = Archive(settings.raw_dir)
    with GitHub(settings) as client:
        for source in SOURCES.values():
            pull(source, archive, settings, github=client)
            observed = build.observe(source.name, archive, embedded.read_embedded(EMBEDDED_DIR))
            assert observed.withheld == []
            observations.write_tables(settings.observations_dir, observed.tables)
