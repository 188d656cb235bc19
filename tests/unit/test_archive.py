"""The archive of raw files: written once, kept for ever, whole after a kill at any moment."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.sources.errors import ArchiveError
from orchestration.sources.intake import archive as archive_module
from orchestration.sources.intake.archive import Archive, blob_sha, newest_by_path

SOURCE = "confirmed_deaths"
PATH = "docs/2024-01-01_cumsum.csv"


class Clock:
    """A clock that goes on by an hour each time it is read."""

    def __init__(self):
        self.time = datetime(2025, 1, 1, tzinfo=UTC)

    def __call__(self):
        self.time += timedelta(hours=1)
        return self.time


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "raw", now=Clock())


def store(archive, content, path=PATH):
    archive.store(SOURCE, path, content, blob_sha(content))


def all_files(archive):
    return archive.files(SOURCE, ["new", "accepted", "rejected", "quarantined"])


def test_the_blob_sha_is_gits():
    assert blob_sha(b"what is up, doc?") == "bd9dbf5aae1a3862dd1526723246b20206e5fc37"


def test_a_stored_file_comes_back_with_its_record(archive):
    store(archive, b"one")
    (file,) = archive.files(SOURCE, ["new"])
    assert (file.read(), file.size, file.origin, file.last_listed_at) == (b"one", 3, "pulled", None)
    assert file.location == archive.root / SOURCE / blob_sha(b"one")
    assert file.first_seen_at == datetime(2025, 1, 1, 1, tzinfo=UTC)
    assert archive.holds(SOURCE) == {(PATH, blob_sha(b"one"))}


def test_storing_again_changes_nothing(archive):
    store(archive, b"one")
    before = all_files(archive)
    archive.set_state(before, "quarantined", who="A. Person", reason="a slip")
    store(archive, b"one")
    (file,) = all_files(archive)
    assert (file.first_seen_at, file.state) == (before[0].first_seen_at, "quarantined")


def test_an_upstream_edit_is_a_further_version_and_the_one_listed_last_is_in_force(archive):
    one, two = b"one", b"two"
    for content in (one, two):
        store(archive, content)
        archive.mark_listed(SOURCE, {PATH: blob_sha(content)})
    assert len(all_files(archive)) == 2
    assert [file.read() for file in newest_by_path(all_files(archive))] == [two]
    archive.mark_listed(SOURCE, {PATH: blob_sha(one)})
    assert [file.read() for file in newest_by_path(all_files(archive))] == [one]


def test_a_vanished_file_stays_and_is_told_once(archive):
    store(archive, b"one")
    archive.mark_listed(SOURCE, {PATH: blob_sha(b"one")})
    assert archive.mark_listed(SOURCE, {}) == [PATH]
    assert archive.mark_listed(SOURCE, {}) == []
    assert all_files(archive)[0].gone_since is not None
    assert all_files(archive)[0].read() == b"one"
    archive.mark_listed(SOURCE, {PATH: blob_sha(b"one")})
    assert all_files(archive)[0].gone_since is None


@pytest.mark.parametrize("path", ["../x.csv", "/etc/passwd", "docs/../../x", "docs\\x", "", "docs/\n"])
def test_a_path_out_of_the_repository_is_refused(archive, path):
    with pytest.raises(ArchiveError, match="no path inside a repository"):
        archive.store(SOURCE, path, b"x", blob_sha(b"x"))
    assert all_files(archive) == []


def test_only_bytes_with_their_sha_are_kept(archive):
    with pytest.raises(ArchiveError, match="do not have the blob sha"):
        archive.store(SOURCE, PATH, b"one", blob_sha(b"two"))
    with pytest.raises(ArchiveError, match="no blob sha"):
        archive.store(SOURCE, PATH, b"one", "../../x")
    with pytest.raises(ArchiveError, match="no name of a source"):
        archive.store("../x", PATH, b"one", blob_sha(b"one"))
    assert not list(archive.root.rglob("*" + blob_sha(b"one") + "*"))


def test_a_kill_while_writing_leaves_nothing_that_counts(archive, monkeypatch):
    def killed(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(archive_module.os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        store(archive, b"one")
    monkeypatch.undo()
    assert archive.holds(SOURCE) == set()
    assert not (archive.root / SOURCE / blob_sha(b"one")).exists()
    store(archive, b"one")
    assert [file.read() for file in all_files(archive)] == [b"one"]
    assert [path.name for path in (archive.root / SOURCE).iterdir()] == [blob_sha(b"one")]


def test_a_kill_between_file_and_ledger_is_made_good_by_the_next_run(archive, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "_ledger", killed)
    with pytest.raises(KeyboardInterrupt):
        store(archive, b"one")
    monkeypatch.undo()
    assert (archive.root / SOURCE / blob_sha(b"one")).read_bytes() == b"one"
    assert archive.holds(SOURCE) == set()
    store(archive, b"one")
    assert len(archive.holds(SOURCE)) == 1


def test_a_damaged_or_missing_copy_is_noticed_and_fetched_anew(archive):
    store(archive, b"one")
    (file,) = all_files(archive)
    file.location.write_bytes(b"oNe")
    with pytest.raises(ArchiveError, match="missing or damaged"):
        file.read()
    file.location.unlink()
    assert archive.holds(SOURCE) == set()
    with pytest.raises(ArchiveError, match="pull again"):
        file.read()
    store(archive, b"one")
    assert file.read() == b"one"


def test_a_copy_cut_short_counts_as_not_held(archive):
    store(archive, b"one")
    all_files(archive)[0].location.write_bytes(b"on")
    assert archive.holds(SOURCE) == set()


def test_a_damaged_copy_of_full_size_is_replaced_when_stored_again(archive):
    store(archive, b"one")
    (file,) = all_files(archive)
    file.location.write_bytes(b"oNe")
    store(archive, b"one")
    assert file.read() == b"one"


def test_a_person_adds_a_file_by_name_and_reason(archive):
    file = archive.add(SOURCE, PATH, b"one", who="A. Person", reason="missing upstream")
    assert (file.origin, file.reason, file.state) == ("added", "missing upstream", "new")
    with pytest.raises(ArchiveError, match="who does it and why"):
        archive.add(SOURCE, PATH, b"two", who="A. Person", reason=" ")
    # What was never listed does not vanish from a listing.
    assert archive.mark_listed(SOURCE, {}) == []


def test_setting_a_file_aside_needs_a_reason(archive):
    store(archive, b"one")
    with pytest.raises(ArchiveError, match="who does it and why"):
        archive.set_state(all_files(archive), "quarantined", who="A. Person")
    archive.set_state(all_files(archive), "quarantined", who="A. Person", reason="a slip")
    assert archive.files(SOURCE, ["quarantined"])[0].reason == "a slip"
    assert archive.files(SOURCE, ["new", "accepted"]) == []


def test_the_last_complete_pull_is_remembered(archive):
    assert archive.last_pull(SOURCE) is None
    archive.record_pull(SOURCE, "a" * 40)
    archive.record_pull(SOURCE, "b" * 40)
    last = archive.last_pull(SOURCE)
    assert (last.upstream_ref, last.pulled_at) == ("b" * 40, datetime(2025, 1, 1, 2, tzinfo=UTC))


def test_a_failed_statement_leaves_the_ledger_as_it_was(archive):
    store(archive, b"one")
    stranger = next(iter(all_files(archive)))
    stranger = type(stranger)(**{**vars(stranger), "path": "docs/other"})
    with pytest.raises(ArchiveError, match="not in the ledger"):
        archive.set_state([*all_files(archive), stranger], "accepted", who="parser")
    assert [file.state for file in all_files(archive)] == ["new"]


def test_a_damaged_ledger_is_named(tmp_path):
    archive = Archive(tmp_path)
    (tmp_path / "ledger.sqlite").write_bytes(b"not a database, but long enough to be looked at" * 10)
    with pytest.raises(ArchiveError, match=r"ledger\.sqlite cannot be used .* fetches everything again"):
        archive.files(SOURCE)
    with pytest.raises(ArchiveError, match="cannot be used"):
        Archive(tmp_path)


def test_the_ledger_is_plain_sqlite(archive):
    store(archive, b"one")
    with sqlite3.connect(archive.root / "ledger.sqlite") as ledger:
        assert ledger.execute("select source, path, size, origin, state from files").fetchall() == [
            (SOURCE, PATH, 3, "pulled", "new")
        ]
