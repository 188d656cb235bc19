"""Earlier releases are kept, limited in number, and come back whole."""

import os
from pathlib import Path

import pytest

from orchestration.release import history


@pytest.fixture
def published(tmp_path: Path) -> Path:
    (tmp_path / "published").mkdir()
    return tmp_path / "published" / "war_losses.duckdb"


@pytest.fixture
def releases_dir(tmp_path: Path) -> Path:
    return tmp_path / "releases"


def publish(text: str, hour: int, published: Path, releases_dir: Path) -> None:
    """Publish a file as if at an hour of 2026-01-01 (counted on over midnight)."""
    built = published.with_name("built")
    built.write_text(text)
    os.utime(built, (1_767_225_600 + 3600 * hour,) * 2)
    history.publish(built, published, releases_dir)


def test_the_release_before_is_kept_under_its_time(published: Path, releases_dir: Path) -> None:
    publish("first", 1, published, releases_dir)
    assert history.earlier_releases(releases_dir) == []
    publish("second", 2, published, releases_dir)

    assert published.read_text() == "second"
    (kept,) = history.earlier_releases(releases_dir)
    assert (kept.version, kept.path.read_text()) == ("2026-01-01T010000Z", "first")


def test_only_so_many_are_kept_the_oldest_go(published: Path, releases_dir: Path) -> None:
    for hour in range(history.RELEASES_KEPT + 5):
        publish(str(hour), hour, published, releases_dir)
    kept = history.earlier_releases(releases_dir)
    assert [release.path.read_text() for release in kept] == [
        str(hour) for hour in range(history.RELEASES_KEPT + 3, 3, -1)
    ]


def test_rolling_back_publishes_the_earlier_and_keeps_the_newer(published: Path, releases_dir: Path) -> None:
    publish("good", 1, published, releases_dir)
    publish("bad", 2, published, releases_dir)

    history.roll_back("2026-01-01T010000Z", published, releases_dir)

    assert published.read_text() == "good"
    assert {release.path.read_text() for release in history.earlier_releases(releases_dir)} == {"good", "bad"}
    assert [path.name for path in published.parent.iterdir()] == [published.name]


def test_an_unknown_version_is_refused_and_the_kept_ones_are_named(published: Path, releases_dir: Path) -> None:
    publish("first", 1, published, releases_dir)
    publish("second", 2, published, releases_dir)
    with pytest.raises(FileNotFoundError, match="2026-01-01T010000Z"):
        history.roll_back("2020-01-01T000000Z", published, releases_dir)
    assert published.read_text() == "second"
