"""Claims as reported: one JSON file, a day an entry, newest first, cumulative by day.

Categories have upstream's own names (`afvs`, `unarmoredVehicles`); which category of the first source each corresponds
to is for the dbt project to say (seeds/claimed_loss_categories.csv). One that appears is taken under the name upstream
gives it. A figure that is null was not reported: it has no row, and no zero is invented.
"""

import re
from collections.abc import Sequence
from functools import cache

import pandas as pd

from orchestration.sources import parsing
from orchestration.sources.errors import SourceFormatError

_DATE_KEY, _ADDRESS_KEY = "date", "sourceUri"
# A category: a word in camel case. Anything else is no name of one.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,59}")
# Published as a link: a web address on one line, with nothing in it that a page could take for markup.
_ADDRESS = re.compile(r"""https?://[^\s"'<>]{1,500}""")
# Cumulative figures stay far below this; a larger one would be another measure or a slip.
_LARGEST = 100_000_000


@cache
def category_of(name: str) -> str:
    """A name as its category is called: `afvs` stays, `unarmoredVehicles` → unarmored_vehicles."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def parse(content: bytes, path: str) -> pd.DataFrame:
    """Read the file into report_date, source_url (null where none is given), category and claimed_losses_cum.

    One row a figure, oldest day first. Raises SourceFormatError with entry and key.
    """
    records = parsing.json_document(content, path)
    if not isinstance(records, list) or not records:
        raise SourceFormatError(path, "whole file", "is not a list of days")
    names: dict[str, str] = {}
    cells = [
        (number, address, category, figure)
        for number, record in enumerate(records, start=1)
        for address, figures in [_report(record, number, names, path)]
        for category, figure in figures
    ]
    days = _days([record[_DATE_KEY] for record in records], path)
    frame = pd.DataFrame(cells, columns=["entry", "source_url", "category", "claimed_losses_cum"])
    frame.insert(0, "report_date", frame.pop("entry").map(days))
    return frame.sort_values(["report_date", "category"], ignore_index=True)


def _days(texts: Sequence[str], path: str) -> pd.Series:
    """The day of each entry, counted from one; a day out of order is a slip in the day, whatever its figures."""
    days = parsing.dates(
        pd.Series(texts, index=pd.RangeIndex(1, len(texts) + 1), name=_DATE_KEY, dtype=str), path, parsing.ISO_DATE
    )
    out_of_order = days > days.shift(1)
    if out_of_order.any():
        entry = int(out_of_order.idxmax())
        raise SourceFormatError(
            path,
            f"entry {entry} ({texts[entry - 1]})",
            f"stands after {texts[entry - 2]}, but days are listed newest first: one of the two dates may be a slip",
        )
    return days


def _report(record: object, number: int, names: dict[str, str], path: str) -> tuple[str | None, list[tuple[str, int]]]:
    """Address, categories and figures of a day, its number counted from one; `names` is of the whole file."""
    if not isinstance(record, dict) or not isinstance(record.get(_DATE_KEY), str):
        raise SourceFormatError(path, f"entry {number}, key {_DATE_KEY!r}", "is missing or no text")
    where = f"entry {number} ({record[_DATE_KEY]})"
    address = record.get(_ADDRESS_KEY)
    if address is not None and not (isinstance(address, str) and _ADDRESS.fullmatch(address)):
        raise SourceFormatError(path, f"{where}, key {_ADDRESS_KEY!r}", f"{address!r} is not a web address")
    figures = [
        (_category(name, names, path, at), _figure(value, path, at))
        for name, value in record.items()
        for at in [f"{where}, key {name!r}"]
        if name not in (_DATE_KEY, _ADDRESS_KEY) and value is not None
    ]
    # A day without figures is a slip, not a day without losses.
    if not figures:
        raise SourceFormatError(path, where, "has no figure at all")
    return address, figures


def _category(name: str, names: dict[str, str], path: str, where: str) -> str:
    """The category of a name; `names` remembers under which name each category came in this file."""
    if not _NAME.fullmatch(name):
        raise SourceFormatError(path, where, "is no name of a category")
    category = category_of(name)
    if names.setdefault(category, name) != name:
        raise SourceFormatError(path, where, f"names the same category as {names[category]!r}")
    return category


def _figure(value: object, path: str, where: str) -> int:
    # bool is an int to Python, 1.0 is a float to JSON: neither is a count.
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise SourceFormatError(path, where, f"{value!r} is not a whole number from 0 to {_LARGEST}")
    return value
