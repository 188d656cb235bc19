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
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from orchestration.sources.errors import ArchiveError
from orchestration.sources.path_dates import date_in_path

State = Literal["new", "accepted", "rejected", "quarantined"]
"""new: not judged yet. accepted: in use. rejected: the parser refused it, and is asked again each time.
quarantined: found implausible, or set aside by a person; in use only after a person accepts it."""

# Who records what no person decided, as it stands in ledgers.
PULL, PARSER, RULES = "pull", "parser", "plausibility"

_STATES: tuple[State, ...] = ("new", "accepted", "rejected", "quarantined")

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
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
    recorded_by text not null,     -- whose word the state is: 'pull', 'parser', 'plausibility' or a person
    reason text,
    judged_at text,                -- when the state was given; null: as it came
    released_on text,              -- the day of release a person gave, of files that carry no date
    primary key (source, path, blob_sha)
) strict;
-- Every state a file was ever given, and by whom: `files` holds the last one only.
create table if not exists judgements (
    source text not null,
    path text not null,
    blob_sha text not null,
    judged_at text not null,
    state text not null,
    judged_by text not null,
    reason text
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
    recorded_by: str = PULL
    judged_at: datetime | None = None
    released_on: date | None = None

    @property
    def decided_by_person(self) -> bool:
        """Whether its state is the word of a person."""
        return self.state in ("accepted", "quarantined") and self.recorded_by not in (PULL, PARSER, RULES)

    @property
    def dated(self) -> date:
        """The day it speaks for: in its path, else its release, else the day it was first seen (UTC)."""
        return date_in_path(self.path) or self.released_on or self.first_seen_at.date()

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
    """The version in force of each path, sorted by path: the one listed or, if never listed, first seen last.

    What a person added stays in force until upstream brings a version that was not known then.
    """
    newest: dict[str, RawFile] = {}
    for file in sorted(files, key=lambda file: (file.last_listed_at or file.first_seen_at, file.first_seen_at)):
        added = newest.get(file.path)
        if not (added and _only_added(added) and file.first_seen_at < added.first_seen_at):
            newest[file.path] = file
    return [newest[path] for path in sorted(newest)]


def _only_added(file: RawFile) -> bool:
    return file.origin == "added" and file.last_listed_at is None


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
        known = self.files(source, _STATES)
        return {
            (file.path, file.blob_sha)
            for file in known
            if file.location.is_file() and file.location.stat().st_size == file.size
        }

    def store(self, source: str, path: str, content: bytes, sha: str) -> None:
        """Keep one pulled file; storing it again changes nothing."""
        self._keep(source, path, content, sha, origin="pulled", recorded_by=PULL, reason=None)

    def add(
        self, source: str, path: str, content: bytes, *, who: str, reason: str, released_on: date | None = None
    ) -> RawFile:
        """Keep a file that a person adds, for instance a day missing upstream, as new.

        `path` is what upstream would call it; `released_on` dates a file that carries no date.
        """
        refuse_unsigned("adding a file", who, reason)
        sha = blob_sha(content)
        self._keep(source, path, content, sha, origin="added", recorded_by=who, reason=reason, released_on=released_on)
        return self.recorded(source, path, sha)

    def version(self, source: str, path: str, sha: str) -> RawFile | None:
        """One version of one path; None where the ledger does not know it."""
        return next((file for file in self.files(source, _STATES) if (file.path, file.blob_sha) == (path, sha)), None)

    def recorded(self, source: str, path: str, sha: str) -> RawFile:
        """One version of one path as the ledger has it; ArchiveError where it does not know it."""
        file = self.version(source, path, sha)
        if file is None:
            raise ArchiveError(f"{path} in version {sha} is not in the ledger")
        return file

    def held_back(self, source: str) -> list[RawFile]:
        """What upstream offers now, or a person added, and is not in use: rejected or quarantined, by path."""
        offered = newest_by_path(self.files(source, ("accepted", "rejected", "quarantined")))
        return [file for file in offered if file.state != "accepted" and file.gone_since is None]

    def accepted_by_people(self) -> list[RawFile]:
        """Versions of all sources in use because a person said so."""
        with self._ledger() as ledger:
            rows = ledger.execute(
                "select * from files where state = 'accepted' and recorded_by not in (?, ?, ?)",
                (PULL, PARSER, RULES),
            ).fetchall()
        return [self._raw_file(row) for row in rows]

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

    def set_state(self, files: Iterable[RawFile], state: State, *, who: str, reason: str | None = None) -> None:
        """Give versions a state; what was accepted, quarantined or taken back by whom and why stays in the ledger."""
        if state == "quarantined" and not (who == RULES and reason):
            refuse_unsigned("setting a file aside", who, reason)
        at = _stamp(self.now())
        with self._ledger() as ledger:
            for file in files:
                changed = ledger.execute(
                    "update files set state = ?, recorded_by = ?, reason = ?, judged_at = ?"
                    " where source = ? and path = ? and blob_sha = ?",
                    (state, who, reason, at, file.source, file.path, file.blob_sha),
                ).rowcount
                if not changed:
                    raise ArchiveError(f"{file.path} in version {file.blob_sha} is not in the ledger")
                ledger.execute(
                    "insert into judgements values (?, ?, ?, ?, ?, ?, ?)",
                    (file.source, file.path, file.blob_sha, at, state, who, reason),
                )

    def date_release(self, file: RawFile, released_on: date) -> None:
        """Record the day of release of a version that carries no date."""
        with self._ledger() as ledger:
            ledger.execute(
                "update files set released_on = ? where source = ? and path = ? and blob_sha = ?",
                (released_on.isoformat(), file.source, file.path, file.blob_sha),
            )

    def _keep(
        self,
        source: str,
        path: str,
        content: bytes,
        sha: str,
        *,
        origin: str,
        recorded_by: str,
        reason: str | None,
        released_on: date | None = None,
    ) -> None:
        location = self._location(source, sha)
        _refuse_unsafe(path)
        if blob_sha(content) != sha:
            raise ArchiveError(f"{path}: the bytes do not have the blob sha {sha}: they are not kept")
        if not (location.is_file() and blob_sha(location.read_bytes()) == sha):
            _write_synced(location, content)
        day = released_on.isoformat() if released_on else None
        row = (source, path, sha, len(content), _stamp(self.now()), origin, recorded_by, reason, day)
        with self._ledger() as ledger:
            ledger.execute(
                "insert into files"
                " (source, path, blob_sha, size, first_seen_at, state, origin, recorded_by, reason, released_on)"
                " values (?, ?, ?, ?, ?, 'new', ?, ?, ?, ?) on conflict do nothing",
                row,
            )

    def _location(self, source: str, sha: str) -> Path:
        if not _NAME.fullmatch(source):
            raise ArchiveError(f"{source!r} is no name of a source (lower-case letters, digits and underscores)")
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
            recorded_by=row["recorded_by"],
            judged_at=_time(row["judged_at"]) if row["judged_at"] else None,
            released_on=date.fromisoformat(row["released_on"]) if row["released_on"] else None,
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


def refuse_unsigned(deed: str, who: str | None, reason: str | None) -> None:
    """Refuse what a person does without name and reason, or under the name of a part of the program."""
    if not (who and who.strip() and reason and reason.strip()):
        raise ArchiveError(f"{deed} needs who does it and why: both stand in the ledger")
    if who in (PULL, PARSER, RULES):
        raise ArchiveError(f"{deed}: {who!r} stands for a part of this program in the ledger, not for a person")


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
