"""A file that a person downloaded: through the same parser, rules, archive and ledger as a pull.

It takes the path that upstream would give it. Unlike a pulled file, one that does not fit is refused and not kept: the
person is there to look at it.

What belongs here: taking one file. What does not: the folder that is watched for such files (`inbox.py`).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from orchestration.sources import deaths_by_branch, probate_estimates
from orchestration.sources.catalog import SOURCES, Source
from orchestration.sources.errors import RefusedFileError, SourceFormatError
from orchestration.sources.intake import gate
from orchestration.sources.intake.archive import Archive, RawFile, blob_sha, newest_by_path, refuse_unsigned
from orchestration.sources.intake.assembly import embedded_tables
from orchestration.sources.intake.gate import MODULES, Offer, Reader
from orchestration.sources.intake.quarantine import SHORT_SHA
from orchestration.sources.observations import Tables
from orchestration.sources.thresholds import FUTURE_SLACK_DAYS

# The path upstream gives to a file of a day, by source; of the others the path is the same on all days.
_DATED_PATHS = {
    "confirmed_deaths": "docs/{:%Y-%m-%d}_cumsum.csv",
    "occupied_area": "data/deepstatemap_data_{:%Y%m%d}.geojson",
}
_FIXED_PATHS = {
    "claimed_losses": (
        "data/russia_losses_personnel.json",
        "data/russia_losses_equipment.json",
        "data/russia_losses_equipment_correction.json",
    ),
    "occupied_area_2022_23": ("deepstate.csv",),
    "probate_estimates": ("scripts/mediazona/source/probate_registry_estimate.csv",),
    "deaths_by_branch": ("scripts/mediazona/source/confirmed_losses_per_week.csv",),
}
# Files without a date inside: what is given is the day of release, by content where the project knows it already.
_RELEASED_ON = {
    "probate_estimates": probate_estimates.RELEASED_ON,
    "deaths_by_branch": deaths_by_branch.RELEASED_ON,
}
# Not beside other digits: "202403011" carries no date.
_DATE_IN_NAME = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)|(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)", re.ASCII)


@dataclass(frozen=True)
class Brought:
    """What became of a file that fits: its version in the archive, and whether the next refresh finds anything new."""

    file: RawFile
    is_news: bool


def bring(
    location: Path, source: str, as_of: date, archive: Archive, embedded: Tables, *, who: str, why: str
) -> Brought:
    """Archive a copy of a file as a version of what upstream calls it on that day; the next refresh uses it.

    Args:
        location: the file; it is read and left as it is.
        source: the name of its source.
        as_of: the day of the file, of its newest figures, or of its release, whatever its source is dated by.
        archive: where it goes.
        embedded: the shipped figures it is judged against where nothing else is accepted.
        who: who brings it.
        why: why; both stand in the ledger.

    Raises:
        RefusedFileError: it does not fit, and why. Nothing was kept.
        ArchiveError: no name or reason was given, or the archive cannot be used.
    """
    refuse_unsigned("adding a file", who, why)
    try:
        return _bring(location, SOURCES[source], as_of, archive, embedded, who, why)
    except SourceFormatError as error:
        problem = f"{error.where}: {error.problem}"
    except RefusedFileError as error:
        problem = str(error)
    stays = ". It stays where it is" if location.exists() else ""
    raise RefusedFileError(f"{location} is not added: {problem}{stays}")


def dates_in_name(name: str) -> set[date]:
    """The dates a file name carries as YYYY-MM-DD or YYYYMMDD; what is no day of the calendar does not count."""
    found = set()
    for match in _DATE_IN_NAME.finditer(name):
        try:
            found.add(date(*(int(part) for part in match.groups() if part)))
        except ValueError:
            continue
    return found


def _bring(
    location: Path, source: Source, as_of: date, archive: Archive, embedded: Tables, who: str, why: str
) -> Brought:
    path = _upstream_path(source.name, location.name, as_of)
    content = _content(location, source)
    today = archive.now().date()
    if as_of > today + timedelta(days=FUTURE_SLACK_DAYS):
        raise RefusedFileError(f"{as_of} has not come yet (today is {today}, UTC)")
    parsed = MODULES[source.name].parse(content, path)
    sha = blob_sha(content)
    _refuse_other_date(source.name, path, parsed, sha, as_of)
    released_on = as_of if source.name in _RELEASED_ON else None

    known = archive.version(source.name, path, sha)
    if known and known.state == "quarantined":
        raise RefusedFileError(
            f"these very bytes are in the archive and quarantined: {known.reason}. If they are right: "
            f"war-losses accept {source.name} {path} --sha {sha[:SHORT_SHA]} --why TEXT"
        )
    if known and known.state == "accepted":
        if released_on is None and known not in newest_by_path(archive.files(source.name)):
            raise RefusedFileError(
                f"these very bytes are in the archive, and a newer version of {path} is in use. If that one is wrong: "
                f"war-losses set-aside {source.name} {path} --why TEXT"
            )
        if released_on in (None, gate.day_of(source.name, known)):
            return Brought(known, is_news=False)
    reason = f"{why} (brought as {location.name}, as of {as_of})"
    accepted = gate.accepted(source.name, archive, embedded_tables(source.name, embedded), Reader(source.name))
    if objection := accepted.objection(Offer(path, parsed, as_of, today)):
        raise RefusedFileError(objection)
    added = archive.add(source.name, path, content, who=who, reason=reason, released_on=released_on)
    if released_on:
        archive.date_release(added, released_on)
    archive.judge([added], "accepted", who=who, reason=reason)
    return Brought(archive.version(source.name, path, sha), is_news=True)


def _upstream_path(source: str, name: str, as_of: date) -> str:
    """What upstream would call a file of this source and day."""
    if source in _DATED_PATHS:
        if (named := dates_in_name(name)) and as_of not in named:
            raise RefusedFileError(f"its name says {min(named)}, not {as_of}: rename it or correct the date")
        return _DATED_PATHS[source].format(as_of)
    paths = _FIXED_PATHS[source]
    # The longest first: "…equipment" is a part of "…equipment_correction".
    stems = {Path(path).stem: path for path in sorted(paths, key=len, reverse=True)}
    found = [path for stem, path in stems.items() if stem in name]
    if not found and len(paths) > 1:
        raise RefusedFileError(f"its name does not say which file it is: it must contain {', '.join(stems)}")
    return found[0] if found else paths[0]


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


def _refuse_other_date(source: str, path: str, parsed: pd.DataFrame, sha: str, as_of: date) -> None:
    """Refuse a date that the content contradicts; what carries its date in the path was checked by its parser."""
    if source in _RELEASED_ON:
        known, last_week = _RELEASED_ON[source].get(sha), parsed["week_start"].max().date()
        if known not in (None, as_of):
            raise RefusedFileError(f"it is the release of {known}, not of {as_of}")
        if last_week > as_of:
            raise RefusedFileError(f"it speaks of the week of {last_week}, after its release on {as_of}")
    elif source not in _DATED_PATHS:
        newest = parsed["observed_at" if "observed_at" in parsed else "report_date"].max().date()
        # Corrections are not made every day.
        if newest > as_of or (newest != as_of and "correction" not in parsed):
            raise RefusedFileError(f"its newest figures are those of {newest}, not of {as_of}")
