"""A source that misbehaves, from the refresh that holds its file back to the one that uses it, as people do it."""

import os
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.sources.confirmed_deaths.vintages import rebuild
from orchestration.sources.intake.archive import Archive, blob_sha
from orchestration.sources.intake.shipped import read_shipped
from tests.conftest import ROOT, run_war_losses
from tests.factories import deaths, deaths_path

# Several whole refreshes in one test.
pytestmark = pytest.mark.timeout(900)
SHIPPED = read_shipped(ROOT / "data" / "embedded", ["confirmed_deaths", "confirmed_deaths_vintages"])
NEWEST = rebuild(SHIPPED["confirmed_deaths"], SHIPPED["confirmed_deaths_vintages"])[-1]
GOOD_DAY, FALLEN_DAY = (str(NEWEST.last_seen + timedelta(days=days)) for days in (1, 2))


@pytest.fixture(scope="module")
def newest_list() -> list[int]:
    return NEWEST.counts.tolist()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def war_losses(data_dir: Path):
    return lambda *arguments: run_war_losses(*arguments, WAR_LOSSES_DATA_DIR=os.fspath(data_dir))


def published(data_dir: Path, sql: str) -> list[tuple]:
    with duckdb.connect(os.fspath(data_dir / "published" / "war_losses.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_from_quarantine_to_use(war_losses, data_dir: Path, tmp_path: Path, newest_list: list[int]) -> None:
    fallen = deaths(*newest_list[:-60])
    archive = Archive(data_dir / "raw")
    archive.store("confirmed_deaths", deaths_path(FALLEN_DAY), fallen, blob_sha(fallen))
    html = b"<!DOCTYPE html><html>404</html>"
    archive.store("claimed_losses", "data/russia_losses_personnel.json", html, blob_sha(html))

    refreshed = war_losses("refresh")
    assert refreshed.returncode == 0, refreshed.stdout + refreshed.stderr
    assert "2 failed" in refreshed.stdout
    assert (
        f"war-losses accept confirmed_deaths {deaths_path(FALLEN_DAY)} --sha {blob_sha(fallen)[:8]}" in refreshed.stdout
    )
    notes = dict(published(data_dir, "select source, note from source_status"))
    assert f"1 file of {FALLEN_DAY} is quarantined: history shrunk" in notes["confirmed_deaths"]
    assert "cannot be read; figures are those of" in notes["claimed_losses"]
    assert "held back" not in notes["occupied_area"]
    assert published(data_dir, f"select * from vintages where as_of = date '{FALLEN_DAY}'") == []
    assert published(data_dir, "select count(*) from claimed_casualties_by_day") > [(1000,)]
    checks = published(
        data_dir, "select asset, measured from quality_checks where check_name = 'parsed' and not passed"
    )
    assert len(checks) == 2
    assert (data_dir / "inbox" / "probate_estimates").is_dir()

    listed = war_losses("quarantine")
    assert listed.returncode == 0
    for word in (deaths_path(FALLEN_DAY), "history shrunk", "russia_losses_personnel.json", "web page"):
        assert word in listed.stdout

    brought = tmp_path / "brought.csv"
    brought.write_bytes(b"date,change,total\n")
    refused = war_losses("add", os.fspath(brought), "--source", "confirmed_deaths", "--as-of", GOOD_DAY)
    assert refused.returncode == 1
    assert "is not added: whole file: has a header and no rows. It stays where it is" in refused.stderr
    brought.write_bytes(deaths(*newest_list, 1))
    added = war_losses("add", os.fspath(brought), "--source", "confirmed_deaths", "--as-of", GOOD_DAY)
    assert added.returncode == 0, added.stderr
    assert brought.exists()

    assert war_losses("accept", "confirmed_deaths", deaths_path(FALLEN_DAY)).returncode == 2
    accepted = war_losses(
        "accept", "confirmed_deaths", deaths_path(FALLEN_DAY), "--why", "compared", "--who", "A. Person"
    )
    assert accepted.returncode == 0, accepted.stderr
    aside = war_losses("set-aside", "claimed_losses", "data/russia_losses_personnel.json", "--why", "a page")
    assert aside.returncode == 0, aside.stderr
    unknown = war_losses("set-aside", "claimed_losses", "data/x.json", "--why", "a page")
    assert unknown.returncode == 1
    assert "the archive holds no data/x.json" in unknown.stderr

    again = war_losses("refresh")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "0 failed" in again.stdout
    vintages = published(data_dir, f"select as_of::varchar, dated_total from vintages where as_of >= date '{GOOD_DAY}'")
    assert sorted(vintages) == [(GOOD_DAY, sum(newest_list) + 1), (FALLEN_DAY, sum(newest_list[:-60]))]
    notes = dict(published(data_dir, "select source, note from source_status"))
    assert "quarantined" not in notes["confirmed_deaths"]
    assert "set aside: a page" in notes["claimed_losses"]
