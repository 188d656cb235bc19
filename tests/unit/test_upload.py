"""Files people bring, by command and by inbox: the same judgement as a pull, and nothing kept of what does not fit."""

import json
import os
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from orchestration.sources import SOURCES
from orchestration.sources.errors import ArchiveError, RefusedFileError
from orchestration.sources.intake import assembly, decisions, inbox, upload
from orchestration.sources.intake.archive import Archive, blob_sha
from orchestration.sources.path_dates import dates_in_name
from tests.factories import PROBATE, area, area_path, deaths, deaths_path, personnel, probate, store

DAY = date(2025, 5, 2)
GOOD = deaths(*[20] * 30)


@pytest.fixture
def archive(tmp_path):
    ticks = iter(range(10_000))
    return Archive(tmp_path / "raw", now=lambda: datetime(2025, 6, 1, tzinfo=UTC) + timedelta(seconds=next(ticks)))


@pytest.fixture
def bring(archive, tmp_path):
    def run(source, name, content, as_of=DAY):
        location = tmp_path / name
        location.write_bytes(content)
        try:
            return upload.upload(location, source, as_of, archive, {}, who="A. Person", why="missing upstream")
        finally:
            assert location.read_bytes() == content

    return run


def ledger(archive, source):
    return [(file.path, file.state) for file in archive.files(source, ("new", "accepted", "rejected", "quarantined"))]


@pytest.mark.parametrize(
    ("source", "name", "content", "as_of", "path"),
    [
        ("confirmed_deaths", "mine.csv", GOOD, DAY, "docs/2025-05-02_cumsum.csv"),
        ("confirmed_deaths", "2025-05-02_cumsum (1).csv", GOOD, DAY, "docs/2025-05-02_cumsum.csv"),
        ("occupied_area", "map.geojson", area(1.4), DAY, "data/deepstatemap_data_20250502.geojson"),
        ("claimed_losses", "x_russia_losses_personnel.json", personnel(1, 2), DAY, "data/russia_losses_personnel.json"),
        (
            "claimed_losses",
            "russia_losses_equipment_correction.json",
            json.dumps([{"date": "2025-05-01", "tank": -1}]).encode(),
            DAY,
            "data/russia_losses_equipment_correction.json",
        ),
        ("probate_estimates", "export.csv", probate(1, 2), DAY, PROBATE),
    ],
)
def test_a_file_that_fits_is_in_use_under_the_name_upstream_gives_it(
    bring, archive, source, name, content, as_of, path
):
    brought = bring(source, name, content, as_of)
    assert brought.is_news
    assert ledger(archive, source) == [(path, "accepted")]
    file = brought.file
    assert (file.origin, file.recorded_by, file.read()) == ("added", "A. Person", content)
    assert file.reason == f"missing upstream (brought as {name}, as of 2025-05-02)"
    assembly.assemble(SOURCES[source], archive, {})
    # A run does not take the word of the person away, and the same file again is no news.
    assert archive.version(source, path, blob_sha(content)).recorded_by == "A. Person"
    assert not bring(source, name, content, as_of).is_news


@pytest.mark.parametrize(
    ("source", "name", "content", "as_of", "reason"),
    [
        ("confirmed_deaths", "x.csv", b"<html>", DAY, "web page"),
        ("confirmed_deaths", "x.csv", b"", DAY, "is empty"),
        ("confirmed_deaths", "x.csv", GOOD, date(2022, 3, 1), "ends on 2022-03-25, after the day in its name"),
        ("confirmed_deaths", "2025-05-03_cumsum.csv", GOOD, DAY, "its name says 2025-05-03, not 2025-05-02"),
        ("confirmed_deaths", "x.csv", deaths(*[20] * 20), DAY, "history shrunk"),
        ("confirmed_deaths", "x.csv", GOOD, date(2025, 6, 3), "2025-06-03 has not come yet"),
        ("claimed_losses", "x.json", personnel(1, 2), DAY, "its name does not say which file"),
        ("claimed_losses", "russia_losses_personnel.json", personnel(1), DAY, "newest figures are those of 2025-05-01"),
        ("claimed_losses", "russia_losses_personnel.json", personnel(1, 2, 3), DAY, "those of 2025-05-03"),
        ("probate_estimates", "x.csv", probate(1, 2), date(2025, 1, 12), "the week of 2025-01-13, after its release"),
        ("probate_estimates", "x.csv", GOOD, DAY, "column 'date'"),
        ("occupied_area", "x.geojson", b"x" * 5_000_001, DAY, "5,000,001 bytes"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_not_kept(bring, archive, source, name, content, as_of, reason):
    store(archive, "confirmed_deaths", deaths_path("2025-05-01"), deaths(*[20] * 30))
    assembly.assemble(SOURCES["confirmed_deaths"], archive, {})
    before = ledger(archive, source), names(archive.root)
    with pytest.raises(RefusedFileError, match=r"is not added: .*\. It stays where it is") as refused:
        bring(source, name, content, as_of)
    assert reason in str(refused.value)
    assert (ledger(archive, source), names(archive.root)) == before


def test_what_is_not_there_is_refused(archive, tmp_path):
    with pytest.raises(RefusedFileError, match=r"no such file$"):
        upload.upload(tmp_path / "x", "confirmed_deaths", DAY, archive, {}, who="A. Person", why="x")
    with pytest.raises(RefusedFileError, match="no regular file"):
        upload.upload(tmp_path, "confirmed_deaths", DAY, archive, {}, who="A. Person", why="x")
    with pytest.raises(ArchiveError, match="who does it and why"):
        upload.upload(tmp_path / "x", "confirmed_deaths", DAY, archive, {}, who="A. Person", why="")


def as_of(archive):
    table = assembly.assemble(SOURCES["probate_estimates"], archive, {}).tables["probate_estimates"]
    return sorted({str(day.date()) for day in table["as_of"]})


def test_an_export_is_dated_by_its_release(bring, archive):
    bring("probate_estimates", "x.csv", probate(10, 20))
    bring("probate_estimates", "x.csv", probate(10, 20, 30), date(2025, 5, 20))
    assert as_of(archive) == ["2025-05-02", "2025-05-20"]
    # A release that comes late is judged beside those it lies between.
    bring("probate_estimates", "x.csv", probate(10, 21), date(2025, 5, 10))
    assert as_of(archive) == ["2025-05-02", "2025-05-10", "2025-05-20"]
    with pytest.raises(RefusedFileError, match="rows lost"):
        bring("probate_estimates", "x.csv", probate(11), date(2025, 5, 11))
    with pytest.raises(RefusedFileError, match=r"falls from 100 \(release of 2025-05-12\) to 60"):
        bring("probate_estimates", "x.csv", probate(50, 50), date(2025, 5, 12))


def test_a_pulled_export_is_dated_by_whoever_knows_its_release(bring, archive):
    store(archive, "probate_estimates", PROBATE, probate(10, 20))
    assert as_of(archive) == ["2025-06-01"]
    assert bring("probate_estimates", "x.csv", probate(10, 20)).is_news
    assert as_of(archive) == ["2025-05-02"]


def test_a_known_release_has_its_day(bring, monkeypatch):
    monkeypatch.setitem(SOURCES["probate_estimates"].released_on, blob_sha(probate(10)), date(2025, 5, 1))
    with pytest.raises(RefusedFileError, match="it is the release of 2025-05-01, not of 2025-05-02"):
        bring("probate_estimates", "x.csv", probate(10))


def test_bytes_held_back_are_accepted_and_not_brought(bring, archive):
    bring("confirmed_deaths", "x.csv", GOOD)
    decisions.set_aside("confirmed_deaths", deaths_path(DAY), archive, who="A. Person", why="a slip")
    with pytest.raises(
        RefusedFileError, match=r"quarantined: a slip\. If they are right: war-losses accept confirmed_d"
    ):
        bring("confirmed_deaths", "x.csv", GOOD)


def test_bytes_that_were_replaced_are_not_brought_back_silently(bring, archive):
    store(archive, "confirmed_deaths", deaths_path(DAY), GOOD)
    store(archive, "confirmed_deaths", deaths_path(DAY), deaths(*[20] * 30, 1))
    assembly.assemble(SOURCES["confirmed_deaths"], archive, {})
    with pytest.raises(RefusedFileError, match=r"a newer version of .* is in use"):
        bring("confirmed_deaths", "x.csv", GOOD)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2025-10-12_cumsum.csv", ["2025-10-12"]),
        ("deepstatemap_data_20260301.geojson", ["2026-03-01"]),
        ("2025-10-12 (20251012).csv", ["2025-10-12"]),
        ("2025-10-12_2025-10-13.csv", ["2025-10-12", "2025-10-13"]),
        ("2025-13-40.csv", []),
        ("1202603011.csv", []),
        ("cumsum.csv", []),
    ],
)
def test_dates_in_names(name, found):
    assert sorted(str(day) for day in dates_in_name(name)) == found


@pytest.fixture
def folder(tmp_path):
    inbox.make_folders(tmp_path / "inbox")
    inbox.make_folders(tmp_path / "inbox")
    return tmp_path / "inbox"


def put(folder, source, name, content, age_s=60.0):
    location = folder / source / name
    location.write_bytes(content)
    os.utime(location, (time.time() - age_s,) * 2)
    return location


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_file_that_fits_moves_to_accepted(archive, folder):
    put(folder, "confirmed_deaths", "2025-05-02_cumsum.csv", GOOD)
    assert inbox.waiting(folder)
    (handled,) = inbox.take_in(folder, archive, {})
    assert (handled.source, handled.blob_sha, handled.refused_because) == ("confirmed_deaths", blob_sha(GOOD), None)
    assert names(folder) == ["confirmed_deaths/accepted/2025-05-02_cumsum.csv"]
    assert ledger(archive, "confirmed_deaths") == [("docs/2025-05-02_cumsum.csv", "accepted")]
    assert not inbox.waiting(folder)
    # Once more under the same name: both stay.
    put(folder, "confirmed_deaths", "2025-05-02_cumsum.csv", GOOD)
    inbox.take_in(folder, archive, {})
    assert len(names(folder)) == 2


def test_a_refused_file_stays_with_the_reason_and_is_tried_again_when_it_changes(archive, folder):
    put(folder, "confirmed_deaths", "2025-05-02.csv", b"<html>")
    (handled,) = inbox.take_in(folder, archive, {})
    assert "web page" in handled.refused_because
    assert names(folder) == ["confirmed_deaths/2025-05-02.csv", "confirmed_deaths/2025-05-02.csv.refused.txt"]
    assert "web page" in (folder / "confirmed_deaths/2025-05-02.csv.refused.txt").read_text()
    assert inbox.take_in(folder, archive, {}) == []
    put(folder, "confirmed_deaths", "2025-05-02.csv", GOOD)
    assert [handled.refused_because for handled in inbox.take_in(folder, archive, {})] == [None]
    assert names(folder) == ["confirmed_deaths/accepted/2025-05-02.csv"]


def test_a_refused_file_is_tried_again_when_the_note_is_deleted(archive, folder):
    put(folder, "occupied_area", "map 20250502.geojson", b"x" * 5_000_001)
    assert "5,000,001 bytes" in inbox.take_in(folder, archive, {})[0].refused_because
    assert inbox.take_in(folder, archive, {}) == []
    (folder / "occupied_area/map 20250502.geojson.refused.txt").unlink()
    assert len(inbox.take_in(folder, archive, {})) == 1


def test_what_is_still_being_copied_is_left_alone(archive, folder, monkeypatch):
    put(folder, "confirmed_deaths", "2025-05-02.csv", GOOD, age_s=1.0)
    put(folder, "confirmed_deaths", "2025-05-03.csv.part", GOOD)
    put(folder, "confirmed_deaths", ".2025-05-04.csv", GOOD)
    assert inbox.take_in(folder, archive, {}) == []
    assert len(names(folder)) == 3

    growing = put(folder, "confirmed_deaths", "2025-05-05.csv", GOOD)
    hashed = inbox.blob_sha

    def while_it_grows(content):
        growing.write_bytes(content + b"x")
        return hashed(content)

    monkeypatch.setattr(inbox, "blob_sha", while_it_grows)
    assert inbox.take_in(folder, archive, {}) == []
    assert growing.exists()
    assert ledger(archive, "confirmed_deaths") == []


@pytest.mark.parametrize(("name", "says"), [("x.csv", "no date"), ("2025-05-01_2025-05-02.csv", "2 dates")])
def test_a_name_must_carry_one_date(archive, folder, name, says):
    put(folder, "confirmed_deaths", name, GOOD)
    assert f"its name carries {says}" in inbox.take_in(folder, archive, {})[0].refused_because


def test_the_date_in_the_name_of_an_export_is_its_release(archive, folder):
    put(folder, "probate_estimates", "20250502 export.csv", probate(10, 20))
    inbox.take_in(folder, archive, {})
    assert as_of(archive) == ["2025-05-02"]


def test_one_bad_file_does_not_stop_the_others(archive, folder):
    put(folder, "confirmed_deaths", "2025-05-02.csv", b"")
    put(folder, "occupied_area", "20250502.geojson", area(1.4))
    assert [bool(handled.refused_because) for handled in inbox.take_in(folder, archive, {})] == [True, False]
    assert ledger(archive, "occupied_area") == [(area_path("2025-05-02"), "accepted")]
