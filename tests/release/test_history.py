"""One release is published at any moment, whole; earlier ones are kept, limited in number, and come back."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from packaging.version import Version

from orchestration.release import build as build_steps
from orchestration.release import history
from orchestration.release.database import DATABASE_NAME
from orchestration.release.history import Releases
from tests.release.conftest import change, snapshot

DAY = date(2026, 1, 1)


class KilledError(BaseException):
    """A kill, for which no code can prepare."""


def publish(text: str, releases: Releases, day: date = DAY) -> str:
    version = releases.next_version(day)
    with releases.building(version) as folder:
        (folder / DATABASE_NAME).write_text(text)
        releases.publish(folder, version)
    return version


def published_text(releases: Releases) -> str:
    return (releases.published / DATABASE_NAME).read_text()


def test_versions_of_a_day_count_on_and_sort(releases: Releases) -> None:
    days = [DAY] * 11 + [DAY + timedelta(days=1)]
    versions = [publish(str(number), releases, day) for number, day in enumerate(days)]
    assert versions[:3] == ["2026.01.01", "2026.01.01.2", "2026.01.01.3"]
    assert versions[-2:] == ["2026.01.01.11", "2026.01.02"]
    assert [release.version for release in releases.stored()] == versions[::-1]
    assert sorted(versions, key=Version) == versions


def test_the_release_before_stays_and_comes_back(releases: Releases) -> None:
    first, second = publish("first", releases), publish("second", releases)
    assert published_text(releases) == "second"
    assert [(r.version, r.is_published) for r in releases.stored()] == [(second, True), (first, False)]

    releases.roll_back(first)

    assert published_text(releases) == "first"
    assert [(r.version, r.is_published) for r in releases.stored()] == [(second, False), (first, True)]
    # The next release is a new one, not the one gone back from.
    assert publish("third", releases) == "2026.01.01.3"


def test_only_so_many_are_kept_and_never_without_the_one_in_use(releases: Releases) -> None:
    oldest = publish("oldest", releases)
    for number in range(history.RELEASES_KEPT):
        publish(str(number), releases)
    releases.roll_back(oldest)
    assert len(releases.stored()) == history.RELEASES_KEPT + 1
    versions = [publish(f"later {number}", releases) for number in range(3)]
    kept = [release.version for release in releases.stored()]
    assert len(kept) == history.RELEASES_KEPT + 1
    assert kept[:3] == versions[::-1]
    assert oldest not in kept
    assert [path.name for path in releases.directory.glob(".*")] == []


def test_a_release_rolled_back_to_is_not_deleted(releases: Releases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "RELEASES_KEPT", 1)
    first, second, third = (publish(text, releases) for text in ("first", "second", "third"))
    assert [release.version for release in releases.stored()] == [third, second]
    releases.roll_back(second)
    releases._delete_oldest()
    assert published_text(releases) == "second"
    assert first not in [release.version for release in releases.stored()]


def test_an_unknown_version_is_refused_and_the_kept_ones_are_named(releases: Releases) -> None:
    publish("first", releases)
    with pytest.raises(FileNotFoundError, match=r"2026\.01\.01"):
        releases.roll_back("2020.01.01")
    assert published_text(releases) == "first"


def test_a_data_directory_that_is_moved_still_shows_its_release(releases: Releases, tmp_path: Path) -> None:
    publish("first", releases)
    releases.published.parent.rename(tmp_path / "moved")
    assert (tmp_path / "moved" / "published" / DATABASE_NAME).read_text() == "first"


def test_a_reader_keeps_its_release_while_the_next_is_swapped_in(
    build: Callable, warehouse: Path, released: Path
) -> None:
    with duckdb.connect(str(released / DATABASE_NAME), read_only=True) as reader:
        change(warehouse, "update marts.confirmed_deaths_history set confirmed_deaths = 100")
        build()
        assert reader.execute("select max(confirmed_deaths) from confirmed_deaths_history").fetchone() == (7,)
    with duckdb.connect(str(released / DATABASE_NAME), read_only=True) as reader:
        assert reader.execute("select max(confirmed_deaths) from confirmed_deaths_history").fetchone() == (100,)


STEPS = [name for name in vars(build_steps) if name.startswith(("write_", "verify_", "compare"))]


def test_what_goes_wrong_at_any_step_leaves_the_release(
    build: Callable, released: Path, releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(STEPS) >= 9
    before = snapshot(released)

    def fail(*_: object) -> None:
        raise KilledError

    for step in STEPS:
        with monkeypatch.context() as broken, pytest.raises(KilledError):
            broken.setattr(build_steps, step, fail)
            build()
        assert snapshot(released) == before, step
        assert [path.name for path in releases.directory.iterdir()] == ["2026.01.01"], step
    assert build().identity.version == "2026.01.01.2"


def crash_after(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    original = getattr(owner, name)

    def then_die(*arguments: object, **named: object) -> None:
        original(*arguments, **named)
        raise KilledError

    monkeypatch.setattr(owner, name, then_die)


def crash_at(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    def die(*_: object, **__: object) -> None:
        raise KilledError

    monkeypatch.setattr(owner, name, die)


# Every call of the system on the way to the swap: killed before it or right after it.
MOMENTS = [
    (crash, owner, name)
    for owner, name in ((Path, "rename"), (Path, "symlink_to"), (Path, "unlink"), (history.os, "replace"))
    for crash in (crash_at, crash_after)
]


@pytest.mark.parametrize(("crash", "owner", "name"), MOMENTS)
def test_a_kill_during_the_swap_leaves_the_old_or_the_new(
    releases: Releases, monkeypatch: pytest.MonkeyPatch, crash: Callable, owner: object, name: str
) -> None:
    publish("old", releases)
    with monkeypatch.context() as killed, pytest.raises(KilledError):
        # Nothing is tidied up either.
        killed.setattr(history.shutil, "rmtree", lambda _: None)
        crash(killed, owner, name)
        publish("new", releases)
    assert published_text(releases) == ("new" if (crash, name) == (crash_after, "replace") else "old")

    publish("next", releases)
    assert published_text(releases) == "next"
    assert [path.name for path in releases.directory.glob(".*")] == []


def test_what_is_no_release_is_left_alone(releases: Releases) -> None:
    first = publish("first", releases)
    for name in ("copy of 2026.01.01", "2026.01.01.2"):
        (releases.directory / name).mkdir()
    (releases.directory / "copy of 2026.01.01" / DATABASE_NAME).write_text("no release")
    # A folder without its file is none either, and its name is not taken anew.
    assert [release.version for release in releases.stored()] == [first]
    assert publish("next", releases) == "2026.01.01.3"
    assert (releases.directory / "copy of 2026.01.01" / DATABASE_NAME).read_text() == "no release"
