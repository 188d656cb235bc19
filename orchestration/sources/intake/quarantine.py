"""Files that are not in use, in words: for the operator who decides, and for the analyst who reads the figures.

What belongs here: sentences. What does not: why a file is held back (the rules and parsers of its source).
"""

import shlex
from collections.abc import Sequence
from datetime import date

from orchestration.sources.intake.archive import RawFile

# Characters of a blob sha that a person has to type: enough to tell the versions of one path apart.
SHORT_SHA = 8
# Cases told one by one in a check; a long outage holds back a file every day.
_TOLD = 10


def for_operator(file: RawFile, newest: date | None) -> str:
    """Which file, since when, why, how old the figures in use are, and what to do."""
    seen = f"(first seen {file.first_seen_at:%Y-%m-%d %H:%M} UTC; {in_use(newest)})"
    version = f"{file.source} {shlex.quote(file.path)} --sha {file.blob_sha[:SHORT_SHA]} --why TEXT"
    if file.state == "rejected":
        return f"{file.reason} {seen}. To stop this message: war-losses set-aside {version}"
    if file.decided_by_person:
        said = f"{file.path} was set aside by {file.recorded_by}: {file.reason}"
        return f"{said} {seen}. To use it: war-losses accept {version}"
    return (
        f"{file.path} is quarantined: {file.reason} {seen}. Look at {file.location}. If it is right: "
        f"war-losses accept {version}. If it is wrong, wait for upstream to mend it, or stop this message: "
        f"war-losses set-aside {version}"
    )


def for_analyst(files: Sequence[RawFile], newest: date | None) -> str:
    """How many files of which days are held back and why the newest is; empty where none is."""
    if not files:
        return ""
    last = max(files, key=lambda file: (file.dated, file.first_seen_at))
    days = sorted({file.dated for file in files})
    span = f"{days[0]} to {days[-1]}" if len(days) > 1 else days[0]
    one = len(files) == 1
    if last.state == "rejected":
        why = "cannot be read"
    elif last.decided_by_person:
        why = f"is set aside: {last.reason}"
    else:
        why = f"is quarantined: {last.reason}"
    held = f"1 file of {days[0]} {why}" if one else f"{len(files)} files of {span} are held back; the last {why}"
    return f"{held}; {in_use(newest)}."


def shortened(cases: Sequence[str]) -> list[str]:
    """The newest cases, and how many there are beside them."""
    told = list(cases[-_TOLD:])
    return told if len(cases) <= _TOLD else [*told, f"and {len(cases) - _TOLD} more: war-losses quarantine lists them"]


def in_use(newest: date | None) -> str:
    """How old the figures in use are."""
    return f"figures are those of {newest}" if newest else "there are no figures"
