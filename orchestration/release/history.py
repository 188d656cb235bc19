"""Earlier releases: kept for a while, listed, and brought back.

A release in use is never touched: keeping it is a second name for the same file. What belongs here: the folder of
earlier releases. What does not: building one (database.py).
"""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

# A fortnight of nights to go back to when a mistake is noticed late; a release is under 10 MB.
RELEASES_KEPT = 14
_STAMP = "%Y-%m-%dT%H%M%SZ"


@dataclass(frozen=True)
class EarlierRelease:
    """A release that can be brought back. The version is the time (UTC) it was published."""

    version: str
    path: Path


def publish(built: Path, published: Path, releases_dir: Path) -> None:
    """Swap a built release in, keeping the one it replaces.

    Args:
        built: the verified file, on the filesystem of `published`.
        published: the file analysts open.
        releases_dir: where earlier releases are kept.
    """
    if published.exists():
        _keep(published, releases_dir)
    os.replace(built, published)
    flush_to_disk(published.parent)
    for release in earlier_releases(releases_dir)[RELEASES_KEPT:]:
        shutil.rmtree(release.path.parent)


def earlier_releases(releases_dir: Path) -> list[EarlierRelease]:
    """Earlier releases, newest first."""
    found = [EarlierRelease(path.parent.name, path) for path in releases_dir.glob("*/*.duckdb")]
    return sorted(found, key=lambda release: release.version, reverse=True)


def roll_back(version: str, published: Path, releases_dir: Path) -> None:
    """Publish an earlier release again; the one in use becomes an earlier one itself.

    Raises:
        FileNotFoundError: there is no such release.
    """
    release = next((found for found in earlier_releases(releases_dir) if found.version == version), None)
    if release is None:
        known = ", ".join(found.version for found in earlier_releases(releases_dir)) or "none"
        raise FileNotFoundError(f"there is no earlier release {version}; kept are: {known}")
    copy = published.with_name(f".{published.name}.rolled-back")
    shutil.copyfile(release.path, copy)
    flush_to_disk(copy)
    publish(copy, published, releases_dir)


def flush_to_disk(path: Path) -> None:
    """Force a file or folder entry to disk, so that a power cut afterwards finds it whole."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep(published: Path, releases_dir: Path) -> None:
    """Give the published file a second name under the time it was published."""
    published_at = datetime.fromtimestamp(published.stat().st_mtime, UTC)
    kept = releases_dir / published_at.strftime(_STAMP) / published.name
    if kept.exists():
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(published, kept)
    except OSError:  # a filesystem without hard links
        shutil.copy2(published, kept)
