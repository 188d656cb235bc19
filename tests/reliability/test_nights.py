"""Night after night comes to what one pull of everything comes to."""

from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from orchestration.settings import SHIPPED_DIR, Settings
from orchestration.sources import SOURCES, TABLES, tables
from orchestration.sources.intake import assembly
from orchestration.sources.intake.archive import Archive
from orchestration.sources.intake.github import GitHub, pull
from orchestration.sources.intake.shipped import read_shipped
from tests.reliability.faulty_github import serve
from tests.reliability.made_up_upstream import write_night
from tests.reliability.trials import Installation

pytestmark = [pytest.mark.trial, pytest.mark.timeout(900)]


def test_ten_nights_end_where_one_pull_of_everything_does(tmp_path: Path) -> None:
    root = tmp_path / "upstream"
    write_night(root, 0)
    with serve(root) as github:
        nightly = Installation(tmp_path / "nightly", github)
        pull_and_assemble(nightly)
        for night in range(1, 10):
            write_night(root, night)
            github.requests.clear()
            pull_and_assemble(nightly)
            # One listing a repository; one vintage, one map, three files of claims; the first night's revisions.
            assert len(github.requests) == 7 + 5 + (4 if night == 1 else 0), github.requests
        github.requests.clear()
        pull_and_assemble(nightly)
        assert len(github.requests) == 7
        at_once = Installation(tmp_path / "at-once", github)
        pull_and_assemble(at_once)
    for name, table in TABLES.items():
        assert_frame_equal(
            tables.read_table(observations(nightly), table), tables.read_table(observations(at_once), table)
        )
        # No release so far is split by year of identification.
        assert tables.read_table(observations(at_once), table).empty == (name == "deaths_by_year_identified"), name


def observations(installation: Installation) -> Path:
    return Settings(installation.data_dir, installation.github.url, installation.github.url, None).observations_dir


def pull_and_assemble(installation: Installation) -> None:
    """A night's work up to the observations; marts are built whole from these (report.py compares them too)."""
    settings = Settings(installation.data_dir, installation.github.url, installation.github.url, None)
    archive = Archive(settings.raw_dir)
    with GitHub(settings) as client:
        for source in SOURCES.values():
            pull(source, archive, settings, github=client)
            result = assembly.assemble(source, archive, read_shipped(SHIPPED_DIR))
            assert result.held_back == []
            tables.write_tables(settings.observations_dir, source.tables, result.tables)
