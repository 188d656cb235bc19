"""What people decide about files, and what operators and analysts are told of those held back."""

import sqlite3
from datetime import UTC, date, datetime, timedelta

import pytest

from orchestration.sources import SOURCES, TABLES, tables
from orchestration.sources.errors import ArchiveError
from orchestration.sources.intake import assembly, decisions, quarantine
from orchestration.sources.intake.archive import Archive, blob_sha, newest_by_path
from orchestration.sources.intake.provenance import accepted_by_people, source_provenance
from tests.factories import area, area_path, deaths, deaths_path, store

SOURCE = "confirmed_deaths"
WHO = {"who": "A. Person", "why": "compared with the list"}
GOOD, FALLEN = deaths(*[20] * 30), deaths(*[20] * 20)


@pytest.fixture
def archive(tmp_path):
    """One good day, then three of a list that lost a third of its days."""
    ticks = iter(range(10_000))
    archive = Archive(tmp_path / "raw", now=lambda: datetime(2025, 6, 1, tzinfo=UTC) + timedelta(seconds=next(ticks)))
    store(archive, SOURCE, deaths_path("2025-05-01"), GOOD)
    for day in range(2, 5):
        store(archive, SOURCE, deaths_path(f"2025-05-{day:02d}"), FALLEN)
    assembly.assemble(SOURCES[SOURCE], archive, {})
    return archive


def vintages(archive):
    table = assembly.assemble(SOURCES[SOURCE], archive, {}).tables["confirmed_deaths_vintages"]
    return [(str(row.as_of.date()), str(row.last_seen.date()), row.dated_total) for row in table.itertuples()]


def provenance(archive):
    filled = {name: tables.empty(shape) for name, shape in TABLES.items()}
    filled |= assembly.assemble(SOURCES[SOURCE], archive, {}).tables
    rows = source_provenance(filled, archive, dict.fromkeys(SOURCES, "shipped")).set_index("source")
    return rows.loc[SOURCE, "note"]


def test_accepting_one_lets_those_that_follow_it_pass(archive):
    assert vintages(archive) == [("2025-05-01", "2025-05-01", 600)]
    decision = decisions.accept(SOURCE, deaths_path("2025-05-02"), archive, **WHO)
    assert (decision.in_force, decision.judged_again) == (True, 2)
    assert (decision.file.state, decision.file.recorded_by, decision.file.reason) == (
        "accepted", WHO["who"], WHO["why"],
    )  # fmt: skip
    assert decision.file.judged_at.year == 2025
    assert vintages(archive) == [("2025-05-01", "2025-05-01", 600), ("2025-05-02", "2025-05-04", 400)]
    assert archive.held_back(SOURCE) == []


def test_what_a_person_set_aside_is_not_judged_again(archive):
    decisions.set_aside(SOURCE, deaths_path("2025-05-03"), archive, **WHO)
    assembly.assemble(SOURCES[SOURCE], archive, {})
    assert decisions.accept(SOURCE, deaths_path("2025-05-02"), archive, **WHO).judged_again == 1
    assembly.assemble(SOURCES[SOURCE], archive, {})
    assert [file.path for file in archive.held_back(SOURCE)] == [deaths_path("2025-05-03")]


def test_every_word_about_a_file_stays_in_the_ledger(archive):
    path = deaths_path("2025-05-02")
    decisions.accept(SOURCE, path, archive, **WHO)
    decisions.set_aside(SOURCE, path, archive, who="B. Person", why="it was wrong")
    with sqlite3.connect(archive.root / "ledger.sqlite") as ledger:
        rows = ledger.execute(
            "select state, judged_by, reason, judged_at from judgements where path = ? order by rowid", (path,)
        ).fetchall()
    assert [row[:2] for row in rows] == [
        ("quarantined", "plausibility"), ("accepted", "A. Person"), ("quarantined", "B. Person"),
    ]  # fmt: skip
    assert [row[2] for row in rows][1:] == ["compared with the list", "it was wrong"]
    assert all(row[3].startswith("2025-06-01T") for row in rows)


def test_setting_aside_brings_the_version_before_back(archive):
    path = deaths_path("2025-05-01")
    store(archive, SOURCE, path, deaths(*[20] * 30, 7))
    assert vintages(archive) == [("2025-05-01", "2025-05-01", 607)]
    decision = decisions.set_aside(SOURCE, path, archive, **WHO)
    assert decision.file.blob_sha == blob_sha(deaths(*[20] * 30, 7))
    assert vintages(archive) == [("2025-05-01", "2025-05-01", 600)]
    # What a person decided is not decided again by a run.
    assert vintages(archive) == [("2025-05-01", "2025-05-01", 600)]


def test_a_version_is_named_by_the_beginning_of_its_sha(archive):
    path = deaths_path("2025-05-02")
    store(archive, SOURCE, path, deaths(*[20] * 10))
    assembly.assemble(SOURCES[SOURCE], archive, {})
    assert decisions.accept(SOURCE, path, archive, sha=blob_sha(FALLEN)[:8], **WHO).file.blob_sha == blob_sha(FALLEN)
    with pytest.raises(ArchiveError, match=r"no docs/2025-05-02_cumsum\.csv .* begins with 0123"):
        decisions.accept(SOURCE, path, archive, sha="0123", **WHO)


def test_without_a_sha_the_newest_quarantined_version_is_meant(archive):
    path, newer = deaths_path("2025-05-02"), deaths(*[20] * 10)
    store(archive, SOURCE, path, newer)
    assembly.assemble(SOURCES[SOURCE], archive, {})
    assert decisions.accept(SOURCE, path, archive, **WHO).file.blob_sha == blob_sha(newer)


def test_what_cannot_be_decided_says_why(archive):
    path = deaths_path("2025-05-02")
    with pytest.raises(ArchiveError, match="holds no docs/x"):
        decisions.accept(SOURCE, "docs/x", archive, **WHO)
    with pytest.raises(ArchiveError, match="who does it and why"):
        decisions.accept(SOURCE, path, archive, who="A. Person", why=" ")
    with pytest.raises(ArchiveError, match="not for a person"):
        decisions.accept(SOURCE, path, archive, who="parser", why="x")
    with pytest.raises(ArchiveError, match="accepted already"):
        decisions.accept(SOURCE, deaths_path("2025-05-01"), archive, **WHO)
    store(archive, SOURCE, deaths_path("2025-05-05"), b"<html>")
    assembly.assemble(SOURCES[SOURCE], archive, {})
    with pytest.raises(ArchiveError, match="What cannot be read cannot be accepted"):
        decisions.accept(SOURCE, deaths_path("2025-05-05"), archive, **WHO)


def test_the_operator_is_told_the_command_that_works(archive):
    told = [quarantine.for_operator(file, date(2025, 5, 1)) for file in archive.held_back(SOURCE)]
    assert len(told) == 3
    assert "docs/2025-05-02_cumsum.csv is quarantined: history shrunk" in told[0]
    assert "figures are those of 2025-05-01" in told[0]
    assert str(archive.root / SOURCE / blob_sha(FALLEN)) in told[0]
    command = f"war-losses accept confirmed_deaths docs/2025-05-02_cumsum.csv --sha {blob_sha(FALLEN)[:8]} --why TEXT"
    assert command in told[0]


def test_many_cases_are_told_in_short():
    cases = [str(number) for number in range(12)]
    assert quarantine.shortened(cases[:10]) == cases[:10]
    assert quarantine.shortened(cases) == [*cases[2:], "and 2 more: war-losses quarantine lists them"]


def test_the_analyst_is_told_what_is_held_back(archive):
    own_note = SOURCES[SOURCE].note
    assert provenance(archive).startswith(
        f"{own_note} 3 files of 2025-05-02 to 2025-05-04 are held back; the last is quar"
    )
    assert provenance(archive).endswith("; figures are those of 2025-05-01.")
    for day in ("2025-05-03", "2025-05-04"):
        archive.mark_listed(
            SOURCE,
            {f.path: f.blob_sha for f in archive.files(SOURCE, ("accepted", "quarantined")) if day not in f.path},
        )
    archive.mark_listed(
        SOURCE, {deaths_path("2025-05-01"): blob_sha(GOOD), deaths_path("2025-05-02"): blob_sha(FALLEN)}
    )
    assert f"{own_note} 1 file of 2025-05-02 is quarantined: history shrunk" in provenance(archive)
    decisions.set_aside(SOURCE, deaths_path("2025-05-02"), archive, sha=blob_sha(FALLEN)[:8], **WHO)
    assert "1 file of 2025-05-02 is set aside: compared with the list;" in provenance(archive)
    assert "A. Person" not in provenance(archive)
    archive.mark_listed(SOURCE, {deaths_path("2025-05-01"): blob_sha(GOOD)})
    assert provenance(archive) == own_note


def test_a_file_that_cannot_be_read_is_told_without_its_inside(archive):
    archive.mark_listed(SOURCE, {deaths_path("2025-05-01"): blob_sha(GOOD)})
    store(archive, SOURCE, deaths_path("2025-05-05"), b"<html>")
    archive.mark_listed(SOURCE, {deaths_path("2025-05-05"): blob_sha(b"<html>")})
    assert "1 file of 2025-05-05 cannot be read; figures are those of 2025-05-01." in provenance(archive)


def test_what_a_person_answers_for_is_told_to_the_series_checks_without_a_name(archive):
    assert accepted_by_people(archive).empty
    decisions.accept(SOURCE, deaths_path("2025-05-02"), archive, **WHO)
    store(archive, "occupied_area", area_path("2025-05-01"), area(1.0))
    assembly.assemble(SOURCES["occupied_area"], archive, {})
    decisions.accept("occupied_area", area_path("2025-05-01"), archive, **WHO)
    told = accepted_by_people(archive)
    assert list(told.columns) == ["source", "dated"]
    assert told.astype(str).values.tolist() == [[SOURCE, "2025-05-02"], ["occupied_area", "2025-05-01"]]
    with sqlite3.connect(archive.root / "ledger.sqlite") as ledger:
        ledger.execute("update files set recorded_by = 'parser'")
    assert accepted_by_people(archive).empty


def test_what_a_person_brought_holds_until_upstream_brings_something_new(archive):
    path, first, brought = deaths_path("2025-05-01"), blob_sha(GOOD), deaths(*[20] * 30, 1)
    archive.add(SOURCE, path, brought, who="A. Person", reason="newer")
    archive.set_state(archive.files(SOURCE, ["new"]), "accepted", who="A. Person", reason="newer")
    archive.mark_listed(SOURCE, {path: first})
    assert [file.blob_sha for file in newest_by_path(archive.files(SOURCE))] == [blob_sha(brought)]
    store(archive, SOURCE, path, deaths(*[20] * 30, 2))
    assembly.assemble(SOURCES[SOURCE], archive, {})
    assert [file.read() for file in newest_by_path(archive.files(SOURCE))] == [deaths(*[20] * 30, 2)]
