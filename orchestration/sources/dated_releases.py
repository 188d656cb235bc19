"""Series published in dated releases whose files carry no date: each release revises all weeks and is kept whole."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pandas as pd

from orchestration.sources import observations
from orchestration.sources.intake.archive import RawFile


def overlay_releases(
    table: str,
    files: Sequence[RawFile],
    embedded: pd.DataFrame,
    parse: Callable[[bytes, str], pd.DataFrame],
    released_on: Mapping[str, date],
) -> pd.DataFrame:
    """All releases of a table keyed by `as_of`: the embedded ones overlaid by every version of the file.

    A version is dated by `release_date`. One whose
    content equals a release already held is no new release; one of the same day replaces that release whole.
    """
    releases = {as_of.date(): release for as_of, release in embedded.groupby("as_of")}
    for file in sorted(files, key=lambda file: file.first_seen_at):
        as_of = release_date(file, released_on)
        release = observations.conform(table, parse(file.read(), file.path).assign(as_of=pd.Timestamp(as_of)))
        if not any(_same_content(release, known) for known in releases.values()):
            releases[as_of] = release
    return observations.conform(table, pd.concat([observations.empty(table), *releases.values()], ignore_index=True))


def release_date(file: RawFile, released_on: Mapping[str, date]) -> date:
    """The day of release: known of this content, else said by the person who brought it, else the day first seen."""
    return released_on.get(file.blob_sha) or file.released_on or file.first_seen_at.date()


def _same_content(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return one.drop(columns="as_of").reset_index(drop=True).equals(other.drop(columns="as_of").reset_index(drop=True))
