"""Dates that paths and file names carry, as YYYY-MM-DD or YYYYMMDD."""

import re
from collections.abc import Iterable
from datetime import date

_IN_PATH = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII)
# Not beside other digits: "202403011" carries no date.
_IN_NAME = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)|(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)", re.ASCII)


def date_in_path(path: str) -> date | None:
    """The date a path of a repository carries; None where there is none."""
    found = _IN_PATH.search(path)
    return _date(found.groups()) if found else None


def dates_in_name(name: str) -> set[date]:
    """The dates in a name that a person gave; what is no day of the calendar does not count."""
    days = (_date(part for part in found.groups() if part) for found in _IN_NAME.finditer(name))
    return {day for day in days if day}


def _date(parts: Iterable[str]) -> date | None:
    try:
        return date(*map(int, parts))
    except ValueError:
        return None
