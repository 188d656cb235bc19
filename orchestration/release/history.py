"""The folder of releases, and the link by which analysts open one of them.

    data/published -> releases/2026.11.22.2      the release in use
    data/releases/2026.11.22.2/                  whole and final: nothing in it is ever written again
    data/releases/2026.11.22/                    earlier, can be brought back
    data/releases/.unfinished-…/                 being built, or left by a build that was killed

A release becomes the published one in a single step of the operating system: the link is replaced. So whoever comes by
the link meets one release, whole, and who has a file open keeps it. What belongs here: versions, the swap, going back.
What does not: what a release holds (build.py).
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.release.database import DATABASE_NAME

# A fortnight of nights to go back to when a mistake is noticed late; a release has some 10 MB.
RELEASES_KEPT = 14
_UNFINISHED = ".unfinished-"
_NEXT_LINK = ".published-next"
_VERSION = re.compile(r"(\d{4}\.\d{2}\.\d{2})(?:\.(\d+))?", re.ASCII)


@dataclass(frozen=True)
class StoredRelease:
    """A release that can be published (again)."""

    version: str
    folder: Path
    is_published: bool


@dataclass(frozen=True)
class Releases:
    """The releases of an installation. For one process at a time: see refresh_lock.

    Args:
        published: what analysts open; a link into `directory`.
        directory: the folder of releases, on the same filesystem.
    """

    published: Path
    directory: Path

    def stored(self) -> list[StoredRelease]:
        """All that are kept, newest first."""
        folders = {
            order: path.parent
            for path in self.directory.glob(f"*/{DATABASE_NAME}")
            if (order := _day_and_number(path.parent.name))
        }
        in_use = self.published.resolve()
        newest_first = [folders[order] for order in sorted(folders, reverse=True)]
        return [StoredRelease(folder.name, folder, folder.resolve() == in_use) for folder in newest_first]

    def next_version(self, day: date) -> str:
        """The version of a release built on a day: 2026.11.22, then 2026.11.22.2 and so on."""
        today = f"{day:%Y.%m.%d}"
        taken = [order for path in self.directory.glob("*") if (order := _day_and_number(path.name))]
        number = max((number for on, number in taken if on == today), default=0) + 1
        return f"{today}.{number}" if number > 1 else today

    @contextmanager
    def building(self, version: str) -> Iterator[Path]:
        """An empty folder to build a release in; afterwards it is gone, unless it was published.

        Raises:
            FileExistsError: a folder or a file is where the link to the published release belongs.
        """
        if self.published.exists() and not self.published.is_symlink():
            raise FileExistsError(
                f"{self.published} is not the link to a release that belongs there: move it away and refresh again"
            )
        self.directory.mkdir(parents=True, exist_ok=True)
        self._sweep()
        folder = self.directory / f"{_UNFINISHED}{version}"
        folder.mkdir()
        try:
            yield folder
        finally:
            if folder.exists():
                shutil.rmtree(folder)

    def publish(self, built: Path, version: str) -> Path:
        """Make a built folder the published release.

        A kill before the last step leaves the earlier release published and this one beside it, whole.

        Args:
            built: a folder given by `building`, complete and verified.
            version: the name it gets.

        Returns:
            The folder of the release.
        """
        for path in (*built.rglob("*"), built):
            flush_to_disk(path)
        folder = self.directory / version
        built.rename(folder)
        flush_to_disk(self.directory)
        self._point_to(folder)
        self._delete_oldest()
        return folder

    def roll_back(self, version: str) -> Path:
        """Publish a stored release again; returns its folder.

        Raises:
            FileNotFoundError: there is no such release.
        """
        folder = next((release.folder for release in self.stored() if release.version == version), None)
        if folder is None:
            known = ", ".join(release.version for release in self.stored()) or "none"
            raise FileNotFoundError(f"there is no release {version}; kept are: {known}")
        self._point_to(folder)
        return folder

    def _point_to(self, folder: Path) -> None:
        """Replace the link in one step."""
        link = self.published.with_name(_NEXT_LINK)
        link.unlink(missing_ok=True)
        # Relative, so that the data directory can be moved.
        link.symlink_to(os.path.relpath(folder, link.parent), target_is_directory=True)
        os.replace(link, self.published)
        flush_to_disk(self.published.parent)

    def _sweep(self) -> None:
        """Remove what builds left that were killed."""
        for left in self.directory.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left)

    def _delete_oldest(self) -> None:
        earlier = [release for release in self.stored() if not release.is_published]
        for release in earlier[RELEASES_KEPT:]:
            # Renamed first: a folder that is half deleted must not be taken for a release.
            doomed = self.directory / f"{_UNFINISHED}{release.version}"
            release.folder.rename(doomed)
            shutil.rmtree(doomed)


def flush_to_disk(path: Path) -> None:
    """Force a file or folder entry to disk, so that a power cut afterwards finds it whole."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _day_and_number(name: str) -> tuple[str, int] | None:
    """What versions are sorted by: `2026.11.22` and 2 of `2026.11.22.2`; None of what is no version."""
    parts = _VERSION.fullmatch(name)
    return (parts[1], int(parts[2] or 1)) if parts else None
