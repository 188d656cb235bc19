"""Claims as reported: three JSON files, cumulative by day, and their corrections.

Categories appear, merge and vanish over time; corrections make cumulative figures fall. Both are kept as they are. A
category that appears is taken under the name upstream gives it; one that vanishes or is renamed is for the gate to see.
"""

import re
from functools import cache

import pandas as pd

from orchestration.sources import parsing
from orchestration.sources.errors import SourceFormatError

# People are two figures and no more.
PERSONNEL = ("personnel", "POW")
_FIGURES, _CORRECTION = "claimed_losses_cum", "correction"
# File → the column its figures fill.
_FILES = {
    "russia_losses_personnel.json": _FIGURES,
    "russia_losses_equipment.json": _FIGURES,
    "russia_losses_equipment_correction.json": _CORRECTION,
}
# What is lost of equipment is an open set, and upstream's headings are its names: one that appears is a new category.
# A heading: words, perhaps with a hyphen, a slash, an ampersand or a number. Anything else is no name of a category.
_HEADING = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ /&-]+[A-Za-z0-9]+)*")
_LONGEST_HEADING = 60
# Known and left out: the day of the war (2024-06-23 is numbered wrongly), the word "about" beside every personnel
# figure, and the place of the heaviest fighting (free text, until 2023).
_LEFT_OUT = frozenset({"day", "personnel*", "greatest losses direction"})
_DATE_KEY = "date"
# Cumulative figures stay far below this; a larger one would be another measure or a slip.
_LARGEST = 100_000_000
KEY = ["report_date", "category"]


@cache
def category_of(heading: str) -> str:
    """A heading as its category is called: `APC` → apc, `anti-aircraft warfare` → anti_aircraft_warfare."""
    return re.sub(r"[^a-z0-9]+", "_", heading.lower())


_PEOPLE = frozenset(map(category_of, PERSONNEL))


def parse(content: bytes, path: str) -> pd.DataFrame:
    """Read one file into report_date, category and claimed_losses_cum or correction; raises SourceFormatError.

    A category that a day does not name has no row: no zero is invented.
    """
    records = parsing.json_document(content, path)
    if not isinstance(records, list) or not records:
        raise SourceFormatError(path, "whole file", "is not a list of days")
    headings: dict[str, str] = {}
    cells = [
        (number, category, figure)
        for number, record in enumerate(records, start=1)
        for category, figure in _figures_of(record, number, headings, path)
    ]
    days = pd.Series(
        [record[_DATE_KEY] for record in records],
        index=pd.RangeIndex(1, len(records) + 1),
        name=_DATE_KEY,
        dtype=str,
    )
    frame = pd.DataFrame(cells, columns=["entry", "category", _measure_of(path)])
    frame.insert(0, "report_date", frame.pop("entry").map(parsing.dates(days, path, parsing.ISO_DATE)))
    return frame


def _figures_of(record: object, number: int, headings: dict[str, str], path: str) -> list[tuple[str, int]]:
    """The categories and figures of a day, its number counted from one; `headings` is of the whole file."""
    if not isinstance(record, dict) or not isinstance(record.get(_DATE_KEY), str):
        raise SourceFormatError(path, f"entry {number}, key 'date'", "is missing or no text")
    where = f"entry {number} ({record[_DATE_KEY]})"
    figures = []
    for key, value in record.items():
        if key != _DATE_KEY and key not in _LEFT_OUT:
            at = f"{where}, key {key!r}"
            figure = _figure(value, path, at, _measure_of(path))
            figures.append((_category(key, headings, path, at), figure))
    # A day without its figures is a slip, not a category that came to an end.
    if not figures or (_is_of_people(path) and "personnel" not in record):
        raise SourceFormatError(path, where, "has no figure of this file's kind")
    return figures


def shipped_cells(path: str, claimed: pd.DataFrame) -> pd.DataFrame:
    """What a file of this path would hold of an observation table, in the shape `parse` gives."""
    measure = _measure_of(path)
    if measure == _CORRECTION:
        return claimed.loc[claimed["correction"] != 0, [*KEY, measure]]
    return claimed.loc[claimed["category"].isin(_PEOPLE) == _is_of_people(path), [*KEY, measure]]


def _measure_of(path: str) -> str:
    """The column that the figures of a file fill, by its name."""
    try:
        return _FILES[_name(path)]
    except KeyError:
        raise SourceFormatError(path, "file name", f"is none of {', '.join(_FILES)}") from None


def _name(path: str) -> str:
    return re.sub(r"^.*/", "", path)


def _is_of_people(path: str) -> bool:
    return _name(path) == "russia_losses_personnel.json"


def _category(key: str, headings: dict[str, str], path: str, where: str) -> str:
    """The category of a key; `headings` remembers under which heading each category came in this file."""
    category = category_of(key)
    if _is_of_people(path):
        if key not in PERSONNEL:
            raise SourceFormatError(path, where, f"is unknown; expected {', '.join(PERSONNEL)}")
    elif _measure_of(path) == _FIGURES and category in _PEOPLE:
        raise SourceFormatError(path, where, "is a figure of people, which this file does not report")
    elif len(key) > _LONGEST_HEADING or not _HEADING.fullmatch(key):
        raise SourceFormatError(path, where, "is no name of a category")
    if headings.setdefault(category, key) != key:
        raise SourceFormatError(path, where, f"names the same category as {headings[category]!r}")
    return category


def _figure(value: object, path: str, where: str, measure: str) -> int:
    # bool is an int to Python, 1.0 is a float to JSON: neither is a count.
    if type(value) is not int or abs(value) > _LARGEST:
        raise SourceFormatError(path, where, f"{value!r} is not a whole number up to {_LARGEST}")
    if measure == _FIGURES and value < 0:
        raise SourceFormatError(path, where, f"{value} is negative, which a cumulative figure cannot be")
    return value
