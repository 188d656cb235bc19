"""A file that a person downloaded: through the same parser, rules, archive and ledger as a pull.

It takes the path that upstream would give it. Unlike a pulled file, one that does not fit is refused and not kept: the
person is there to look at it.

What belongs here: taking one file. What does not: the folder that is watched for such files (`inbox.py`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from orchestration.dbt import thresholds
from orchestration.sources import SOURCES
from orchestration.sources.base import Candidate, Source, Tables
from orchestration.sources.errors import RefusedFileError, SourceFormatError
from orchestration.sources.intake.archive import Archive, RawFile, blob_sha, newest_by_path, refuse_unsigned
from orchestration.sources.intake.assembly import shipped_tables
from orchestration.sources.intake.gate import Reader
from orchestration.sources.intake.quarantine import SHORT_SHA


@dataclass(frozen=True)
class Uploaded:
    """What became of a file that fits: its version in the archive, and whether the next refresh finds anything new."""

    file: RawFile
    is_news: bool


def upload(
    location: Path, source: str, as_of: date, archive: Archive, shipped: Tables, *, who: str, why: str
) -> Uploaded:
    """Archive a copy of a file as a version of what upstream calls it on that day; the next refresh uses it.

    Args:
        location: the file; it is read and left as it is.
        source: the name of its source.
        as_of: the day of the file, of its newest figures, or of its release, whatever its source is dated by.
        archive: where it goes.
        shipped: the shipped figures it is judged against where nothing else is accepted.
        who: who adds it.
        why: why; both stand in the ledger.

    Raises:
        RefusedFileError: it does not fit, and why. Nothing was kept.
        ArchiveError: no name or reason was given, or the archive cannot be used.
    """
    refuse_unsigned("adding a file", who, why)
    try:
        return _upload(location, SOURCES[source], as_of, archive, shipped, who, why)
    except SourceFormatError as error:
        problem = f"{error.where}: {error.problem}"
    except RefusedFileError as error:
        problem = str(error)
    stays = ". It stays where it is" if location.exists() else ""
    raise RefusedFileError(f"{location} is not added: {problem}{stays}")


def _upload(
    location: Path, source: Source, as_of: date, archive: Archive, shipped: Tables, who: str, why: str
) -> Uploaded:
    path = source.upload_path(location.name, as_of)
    content = _content(location, source)
    today = archive.now().date()
    if as_of > today + timedelta(days=thresholds.whole("future_slack_days")):
        raise RefusedFileError(f"{as_of} has not come yet (today is {today}, UTC)")
    parsed = source.parse(content, path)
    sha = blob_sha(content)
    source.refuse_other_date(parsed, sha, as_of)
    released_on = as_of if source.is_dated_by_release else None

    known = archive.version(source.name, path, sha)
    if known:
        _refuse_known(known, source, archive, is_release=released_on is not None)
        if known.state == "accepted" and released_on in (None, source.day_of(known)):
            return Uploaded(known, is_news=False)
    reason = f"{why} (brought as {location.name}, as of {as_of})"
    accepted = source.accepted(archive.files(source.name), shipped_tables(source, shipped), Reader(source))
    if objection := accepted.objection(Candidate(path, parsed, as_of, today)):
        raise RefusedFileError(objection)
    added = archive.add(source.name, path, content, who=who, reason=reason, released_on=released_on)
    if released_on:
        archive.date_release(added, released_on)
    archive.set_state([added], "accepted", who=who, reason=reason)
    return Uploaded(archive.recorded(source.name, path, sha), is_news=True)


def _refuse_known(known: RawFile, source: Source, archive: Archive, *, is_release: bool) -> None:
    """Refuse bytes that the archive holds and does not use, and say what to do about it."""
    version = f"{source.name} {known.path}"
    if known.state == "quarantined":
        raise RefusedFileError(
            f"these very bytes are in the archive and quarantined: {known.reason}. If they are right: "
            f"war-losses accept {version} --sha {known.blob_sha[:SHORT_SHA]} --why TEXT"
        )
    if known.state == "accepted" and not is_release and known not in newest_by_path(archive.files(source.name)):
        raise RefusedFileError(
            f"these very bytes are in the archive, and a newer version of {known.path} is in use. If that one is "
            f"wrong: war-losses set-aside {version} --why TEXT"
        )


def _content(location: Path, source: Source) -> bytes:
    """The bytes of a regular file within the size limit of its source."""
    try:
        if not location.is_file():
            raise RefusedFileError("there is no such file" if not location.exists() else "it is no regular file")
        if (size := location.stat().st_size) > source.max_bytes:
            raise RefusedFileError(f"it has {size:,} bytes; files of {source.name} have at most {source.max_bytes:,}")
        return location.read_bytes()
    except OSError as error:
        raise RefusedFileError(f"it cannot be read ({error.strerror})") from None
