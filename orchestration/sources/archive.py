"""Raw files as served: write-once under `<data>/raw/<source>/<blob sha>`, with a ledger in SQLite.

A file is on the disk, complete and synced, before the ledger speaks of it: a run killed at any moment leaves at worst a
file the ledger does not know, which the next run finds again. Nothing is deleted: an upstream edit is a further version
of its path, and a vanished file stays.

What belongs here: keeping bytes and the record of where they came from. What does not: fetching them, reading them.
"""

import hashlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from orchestration.sources.catalog import SOURCES
from orchestration.sources.errors import ArchiveError

State = Literal["new", "accepted", "rejected", "quarantined"]
"""new: not read yet. accepted: read without error. rejected: the parser refused it, and is asked again each time.
quarantined: set aside by a person, until a person takes it back."""

_SHA = re.compile(r"[0-9a-f]{40}")
# How long a second process waits for the ledger before it gives up, in seconds.
_LEDGER_WAIT_S = 30.0
_LEDGER = """
create table if not exists files (
    source text not null,
    path text not null,
    blob_sha text not null,
    size integer not null,
    first_seen_at text not null,
    last_listed_at text,           -- null: never seen in a listing (added by a person)
    gone_since text,               -- the first pull whose listing no longer had the path
    state text not null check (state in ('new', 'accepted', 'rejected', 'quarantined')),
    origin text not null check (origin in ('pulled', 'added')),
    recorded_by text not null,     -- 'pull', 'parser' or the person who added or set aside the file
    reason text,
    primary key (source, path, blob_sha)
) strict;
create table if not exists pulls (
    source text not null,
    pulled_at text not null,
    upstream_ref text not null,
    primary key (source, pulled_at)
) strict;
"""


@dataclass(frozen=True)
class RawFile:
    """One version of one upstream file in the archive. Times are UTC."""

    source: str
    path: str
    blob_sha: str
    size: int
    first_seen_at: datetime
    last_listed_at: datetime | None
    gone_since: datetime | None
    state: State
    origin: Literal["pulled", "added"]
    reason: str | None
    location: Path

    def read(self) -> bytes:
        """The bytes as served; raises ArchiveError where the disk no longer holds them intact."""
        try:
            content = self.location.read_bytes()
        except FileNotFoundError:
            content = b""
        if blob_sha(content) != self.blob_sha:
            raise ArchiveError(
                f"{self.location}: the archived copy of {self.path} is missing or damaged. "
                "Delete it if it is there and pull again: it is fetched anew"
            )
        return content


@dataclass(frozen=True)
class LastPull:
    """The last pull that brought everything: when (UTC), and the tree it saw."""

    pulled_at: datetime
    upstream_ref: str


def blob_sha(content: bytes) -> str:
    """The name git gives to these bytes (hex, 40 characters)."""
    # Git's own identifier, not a security measure.
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def newest_by_path(files: Iterable[RawFile]) -> list[RawFile]:
    """The version in force of each path, sorted by path: the one listed or, if never listed, first seen last."""
    newest: dict[str, RawFile] = {}
    for file in sorted(files, key=lambda file: (file.last_listed_at or file.first_seen_at, file.first_seen_at)):
        newest[file.path] = file
    return [newest[path] for path in sorted(newest)]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Archive:
    """The raw files of all sources under one folder. Safe to open from one process at a time."""

    def __init__(self, root: Path, now: Callable[[], datetime] = _utc_now):
        self.root = root
        self.now = now
        root.mkdir(parents=True, exist_ok=True)
        with self._ledger() as ledger:
            ledger.executescript(_LEDGER)

    def files(self, source: str, states: Sequence[State] = ("accepted",)) -> list[RawFile]:
        """All versions of a source's files in the given states, by path and first sight."""
        with self._ledger() as ledger:
            rows = ledger.execute(
                "select * from files where source = ? order by path, first_seen_at, blob_sha", (source,)
            ).fetchall()
        return [self._raw_file(row) for row in rows if row["state"] in states]

    def holds(self, source: str) -> set[tuple[str, str]]:
        """Path and blob sha of what need not be fetched: in the ledger and on the disk at its full size."""
        known = self.files(source, states=("new", "accepted", "rejected", "quarantined"))
        return {
            (file.path, file.blob_sha)
            for file in known
            if file.location.is_file() and file.location.stat().st_size == file.size
        }

    def store(self, source: str, path: str, content: bytes, sha: str) -> None:
        """Keep one pulled file; storing it again changes nothing."""
        self._keep(source, path, content, sha, origin="pulled", recorded_by="pull", reason=None)

    def add(self, source: str, path: str, content: bytes, *, who: str, reason: str) -> RawFile:
        """Keep a file a person brings, for instance a day missing upstream; `path` is what upstream would call it."""
        if not who.strip() or not reason.strip():
            raise ArchiveError("adding a file needs who adds it and why: both stand in the ledger")
        if not SOURCES[source].matches(path):
            raise ArchiveError(f"{path} is no file of {source}: it must match {SOURCES[source].path_pattern.pattern}")
        sha = blob_sha(content)
        self._keep(source, path, content, sha, origin="added", recorded_by=who, reason=reason)
        return next(f for f in self.files(source, ("new", "accepted")) if (f.path, f.blob_sha) == (path, sha))

    def mark_listed(self, source: str, listing: Mapping[str, str]) -> list[str]:
        """Record a complete listing (path → blob sha) of a source; returns the paths that have newly gone from it."""
        at = _stamp(self.now())
        with self._ledger() as ledger:
            known = ledger.execute(
                "select distinct path from files"
                " where source = ? and last_listed_at is not null and gone_since is null",
                (source,),
            )
            gone = sorted({row["path"] for row in known} - listing.keys())
            ledger.executemany(
                "update files set last_listed_at = ?, gone_since = null where source = ? and path = ? and blob_sha = ?",
                [(at, source, path, sha) for path, sha in listing.items()],
            )
            ledger.executemany(
                "update files set gone_since = ? where source = ? and path = ? and gone_since is null",
                [(at, source, path) for path in gone],
            )
        return gone

    def record_pull(self, source: str, upstream_ref: str) -> None:
        """Record that a pull brought everything that the tree `upstream_ref` lists."""
        with self._ledger() as ledger:
            ledger.execute("insert or replace into pulls values (?, ?, ?)", (source, _stamp(self.now()), upstream_ref))

    def last_pull(self, source: str) -> LastPull | None:
        """The last complete pull; None if there never was one."""
        with self._ledger() as ledger:
            row = ledger.execute(
                "select * from pulls where source = ? order by pulled_at desc limit 1", (source,)
            ).fetchone()
        return LastPull(_time(row["pulled_at"]), row["upstream_ref"]) if row else None

    def judge(self, files: Iterable[RawFile], state: State, *, who: str, reason: str | None = None) -> None:
        """Accept or reject versions (the parser), quarantine them or take them back as new (a person)."""
        if state == "quarantined" and not (who.strip() and reason and reason.strip()):
            raise ArchiveError("setting a file aside needs who does it and why: both stand in the ledger")
        with self._ledger() as ledger:
            for file in files:
                changed = ledger.execute(
                    "update files set state = ?, recorded_by = ?, reason = ?"
                    " where source = ? and path = ? and blob_sha = ?",
                    (state, who, reason, file.source, file.path, file.blob_sha),
                ).rowcount
                if not changed:
                    raise ArchiveError(f"{file.path} in version {file.blob_sha} is not in the ledger")

    def _keep(
        self, source: str, path: str, content: bytes, sha: str, *, origin: str, recorded_by: str, reason: str | None
    ) -> None:
        location = self._location(source, sha)
        _refuse_unsafe(path)
        if blob_sha(content) != sha:
            raise ArchiveError(f"{path}: the bytes do not have the blob sha {sha}: they are not kept")
        if not (location.is_file() and blob_sha(location.read_bytes()) == sha):
            _write_synced(location, content)
        row = (source, path, sha, len(content), _stamp(self.now()), origin, recorded_by, reason)
        with self._ledger() as ledger:
            ledger.execute(
                "insert into files (source, path, blob_sha, size, first_seen_at, state, origin, recorded_by, reason)"
                " values (?, ?, ?, ?, ?, 'new', ?, ?, ?) on conflict do nothing",
                row,
            )

    def _location(self, source: str, sha: str) -> Path:
        if source not in SOURCES:
            raise ArchiveError(f"{source!r} is no source; known are {', '.join(SOURCES)}")
        if not _SHA.fullmatch(sha):
            raise ArchiveError(f"{sha!r} is no blob sha (40 hexadecimal characters)")
        return self.root / source / sha

    def _raw_file(self, row: sqlite3.Row) -> RawFile:
        return RawFile(
            source=row["source"],
            path=row["path"],
            blob_sha=row["blob_sha"],
            size=row["size"],
            first_seen_at=_time(row["first_seen_at"]),
            last_listed_at=_time(row["last_listed_at"]) if row["last_listed_at"] else None,
            gone_since=_time(row["gone_since"]) if row["gone_since"] else None,
            state=row["state"],
            origin=row["origin"],
            reason=row["reason"],
            location=self._location(row["source"], row["blob_sha"]),
        )

    @contextmanager
    def _ledger(self) -> Iterator[sqlite3.Connection]:
        """One transaction on the ledger, committed at the end or not at all."""
        ledger = sqlite3.connect(self.root / "ledger.sqlite", timeout=_LEDGER_WAIT_S)
        ledger.row_factory = sqlite3.Row
        try:
            with ledger:
                yield ledger
        except sqlite3.DatabaseError as error:
            raise ArchiveError(
                f"the ledger {self.root / 'ledger.sqlite'} cannot be used ({error}). If it is damaged, move it away: "
                "the next pull fetches everything again and writes a new one"
            ) from error
        finally:
            ledger.close()


def _refuse_unsafe(path: str) -> None:
    """Refuse a path that would leave the repository it is said to lie in."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or not path.isprintable():
        raise ArchiveError(f"{path!r} is no path inside a repository")


def _write_synced(target: Path, content: bytes) -> None:
    """Write beside the target, sync, rename, sync the folder: the target is whole or not there."""
    target.parent.mkdir(exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _time(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
