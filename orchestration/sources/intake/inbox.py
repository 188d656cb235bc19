"""A folder a source in which people put files they downloaded, `<data>/inbox/<source>/`.

A file that fits goes into the archive and is moved to `accepted/` beside it; one that does not stays, with the reason
in `<name>.refused.txt`, and is tried again when it changes or the reason is deleted.

What belongs here: which files lie ready and what becomes of them. What does not: judging them (`upload`), and
watching the folder (`defs.inbox`).
"""

import os
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.sources import SOURCES
from orchestration.sources.base import Tables
from orchestration.sources.errors import RefusedFileError
from orchestration.sources.intake.archive import Archive, blob_sha
from orchestration.sources.intake.upload import upload
from orchestration.sources.path_dates import dates_in_name

ACCEPTED = "accepted"
REFUSED_SUFFIX = ".refused.txt"
# Seconds without a change after which a file counts as copied: copying writes without such a pause.
SETTLED_S = 2.0
# Names under which browsers and copying tools write what is not whole yet.
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".filepart", ".tmp", ".swp")
_WHY = "put into the inbox"


@dataclass(frozen=True)
class Handled:
    """A file of the inbox and what became of it: its blob sha, and why it was refused if it was."""

    source: str
    name: str
    blob_sha: str
    refused_because: str | None


def make_folders(inbox: Path) -> None:
    """Make the folder of each source."""
    for source in SOURCES:
        (inbox / source).mkdir(parents=True, exist_ok=True)


def waiting(inbox: Path) -> bool:
    """Whether any file lies ready to be looked at, refused before or not."""
    return any(_ready(inbox / source) for source in SOURCES)


def take_in(inbox: Path, archive: Archive, shipped: Tables) -> list[Handled]:
    """Take in every file that lies ready; what is still being copied is left for the next time.

    Raises:
        OSError: a file cannot be moved or a reason cannot be written.
        orchestration.sources.errors.ArchiveError: the archive cannot be used.
    """
    looked_at = [_take(location, source, archive, shipped) for source in SOURCES for location in _ready(inbox / source)]
    return [handled for handled in looked_at if handled]


def _ready(folder: Path) -> list[Path]:
    """Files of a folder that can be looked at, by name."""
    if not folder.is_dir():
        return []
    return [
        location
        for location in sorted(folder.iterdir())
        if location.is_file()
        and not location.name.startswith(".")
        and not location.name.lower().endswith((REFUSED_SUFFIX, *_UNFINISHED))
        and time.time() - location.stat().st_mtime >= SETTLED_S
    ]


def _take(location: Path, source: str, archive: Archive, shipped: Tables) -> Handled | None:
    """What became of a file; None for one that changed while it was read or was refused before as it is."""
    note = location.with_name(location.name + REFUSED_SUFFIX)
    before = location.stat()
    if before.st_size > SOURCES[source].max_bytes:
        # Not read: its size and time stand for its content.
        sha = blob_sha(f"{before.st_size} {before.st_mtime_ns}".encode())
    else:
        try:
            sha = blob_sha(location.read_bytes())
        except OSError:
            sha = blob_sha(b"")  # upload says why
    if note.is_file() and sha in note.read_text(encoding="utf-8"):
        return None
    if _stamp(location.stat()) != _stamp(before):
        return None
    try:
        upload(location, source, _as_of(location.name), archive, shipped, who=_owner(location), why=_WHY)
    except RefusedFileError as error:
        _write(note, f"{error}\n\nIt is tried again when it changes or this note is deleted. (Content {sha})\n")
        return Handled(source, location.name, sha, str(error))
    note.unlink(missing_ok=True)
    _move(location, location.parent / ACCEPTED, sha)
    return Handled(source, location.name, sha, None)


def _as_of(name: str) -> date:
    """The date a name carries; RefusedFileError where it carries none or several."""
    found = dates_in_name(name)
    if len(found) != 1:
        says = "no date" if not found else f"{len(found)} dates"
        raise RefusedFileError(
            f"{name} is not added: its name carries {says}. Name it with the day it is of (2025-10-12 or 20251012); "
            "of a weekly export, with the day of its release"
        )
    return found.pop()


def _move(location: Path, folder: Path, sha: str) -> None:
    """Move a file, beside an earlier one of the same name where there is one."""
    folder.mkdir(exist_ok=True)
    target = folder / location.name
    if target.exists():
        target = folder / f"{location.stem}.{sha[:8]}{location.suffix}"
    location.replace(target)


def _write(note: Path, text: str) -> None:
    part = note.with_name(f".{note.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(note)


def _stamp(stat: os.stat_result) -> tuple[int, int]:
    return stat.st_size, stat.st_mtime_ns


def _owner(location: Path) -> str:
    """Whose file it is: who put it there, as far as the system tells."""
    try:
        return location.owner()
    except (KeyError, OSError):
        return f"user {location.stat().st_uid}"
