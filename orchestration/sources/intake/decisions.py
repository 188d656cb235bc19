"""What a person decides about a file in the archive: to use one that was quarantined, to set one aside.

What belongs here: finding the version meant and recording who decided what, when and why. What does not: the command
line (`cli`), and files a person adds (`upload`).
"""

from dataclasses import dataclass

from orchestration.sources import SOURCES
from orchestration.sources.errors import ArchiveError, SourceFormatError
from orchestration.sources.intake.archive import RULES, Archive, RawFile, newest_by_path, refuse_unsigned


@dataclass(frozen=True)
class Decision:
    """The version decided about, whether its path now rests on it, and how many files are judged again for it."""

    file: RawFile
    in_force: bool
    judged_again: int


def accept(source: str, path: str, archive: Archive, *, who: str, why: str, sha: str = "") -> Decision:
    """Use a quarantined version from the next refresh on: of those that fit `sha`, the one first seen last.

    Raises:
        ArchiveError: no such version, one in use already, one that cannot be read, or no name or reason given.
    """
    refuse_unsigned("accepting a file", who, why)
    file = _meant(source, path, archive, sha, wanted=("quarantined", "new"))
    if file.state == "accepted":
        raise ArchiveError(f"{path} in version {file.blob_sha[:8]} is accepted already: nothing to do")
    try:
        SOURCES[source].parse(file.read(), path)
    except SourceFormatError as error:
        raise ArchiveError(f"{error}\nWhat cannot be read cannot be accepted") from None
    archive.set_state([file], "accepted", who=who, reason=why)
    return _decided(file, archive, who)


def set_aside(source: str, path: str, archive: Archive, *, who: str, why: str, sha: str = "") -> Decision:
    """Keep a version out of use: of those that fit `sha`, the one in use, else the one first seen last.

    Raises:
        ArchiveError: no such version, or no name or reason given.
    """
    refuse_unsigned("setting a file aside", who, why)
    file = _meant(source, path, archive, sha, wanted=("accepted",))
    archive.set_state([file], "quarantined", who=who, reason=why)
    return _decided(file, archive, who)


def _meant(source: str, path: str, archive: Archive, sha: str, wanted: tuple[str, ...]) -> RawFile:
    """The version a person means: in a wanted state if there is one."""
    versions = [
        file
        for file in archive.files(source, ("new", "accepted", "rejected", "quarantined"))
        if file.path == path and file.blob_sha.startswith(sha.lower())
    ]
    if not versions:
        of = f" whose sha begins with {sha}" if sha else ""
        raise ArchiveError(
            f"the archive holds no {path} of {source}{of}. war-losses quarantine lists what is held back"
        )
    best = [file for file in versions if file.state in wanted] or versions
    if wanted == ("accepted",):
        return newest_by_path(best)[0]
    return max(best, key=lambda file: file.first_seen_at)


def _decided(file: RawFile, archive: Archive, who: str) -> Decision:
    """What the rules held back was judged against something else: it is judged again."""
    again = [
        other
        for other in archive.files(file.source, ("quarantined",))
        if other.recorded_by == RULES and (other.path, other.blob_sha) != (file.path, file.blob_sha)
    ]
    archive.set_state(again, "new", who=who, reason=f"to be judged again after a decision about {file.path}")
    in_use = {(other.path, other.blob_sha) for other in newest_by_path(archive.files(file.source))}
    decided = archive.recorded(file.source, file.path, file.blob_sha)
    return Decision(decided, (file.path, file.blob_sha) in in_use, len(again))
