"""Claimed losses of the Ukrainian General Staff: three JSON files, cumulative by day, and their corrections.

Categories appear, merge and vanish over time; corrections make cumulative figures fall. Both are kept as they are.
"""

import re
from collections.abc import Sequence

import pandas as pd

from orchestration.sources import observations, strict
from orchestration.sources.archive import RawFile, newest_by_path
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.observations import Tables

_PERSONNEL = {"personnel": "personnel", "POW": "pow"}
_EQUIPMENT = {
    "aircraft": "aircraft",
    "helicopter": "helicopter",
    "tank": "tank",
    "APC": "apc",
    "field artillery": "field_artillery",
    "MRL": "mrl",
    "military auto": "military_auto",
    "fuel tank": "fuel_tank",
    "vehicles and fuel tanks": "vehicles_and_fuel_tanks",
    "drone": "drone",
    "naval ship": "naval_ship",
    "submarines": "submarines",
    "anti-aircraft warfare": "anti_aircraft_warfare",
    "special equipment": "special_equipment",
    "mobile SRBM system": "mobile_srbm_system",
    "cruise missiles": "cruise_missiles",
}
CATEGORIES = tuple({**_PERSONNEL, **_EQUIPMENT}.values())
# File → its categories and the observation column its figures fill.
_FILES = {
    "russia_losses_personnel.json": (_PERSONNEL, "claimed_losses_cum"),
    "russia_losses_equipment.json": (_EQUIPMENT, "claimed_losses_cum"),
    "russia_losses_equipment_correction.json": ({**_PERSONNEL, **_EQUIPMENT}, "correction"),
}
# Known and left out: the day of the war (2024-06-23 is numbered wrongly), the word "about" beside every personnel
# figure, and the place of the heaviest fighting (free text, until 2023).
_LEFT_OUT = frozenset({"day", "personnel*", "greatest losses direction"})
_DATE_KEY = "date"
# Cumulative figures stay far below this; a larger one would be another measure or a slip.
_LARGEST = 100_000_000
_KEY = ["report_date", "category"]


def parse(content: bytes, path: str) -> pd.DataFrame:
    """Read one file into report_date, category and claimed_losses_cum or correction; raises SourceFormatError.

    A category that a day does not name has no row: no zero is invented.
    """
    categories, measure = _shape_of(path)
    records = strict.json_document(content, path)
    if not isinstance(records, list) or not records:
        raise SourceFormatError(path, "whole file", "is not a list of days")
    days, cells = [], []
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict) or not isinstance(record.get(_DATE_KEY), str):
            raise SourceFormatError(path, f"entry {number}, key 'date'", "is missing or no text")
        days.append(record[_DATE_KEY])
        where = f"entry {number} ({record[_DATE_KEY]})"
        for key, value in record.items():
            if key == _DATE_KEY or key in _LEFT_OUT:
                continue
            if key not in categories:
                raise SourceFormatError(path, f"{where}, key {key!r}", f"is unknown; expected {', '.join(categories)}")
            cells.append((number, categories[key], _figure(value, path, f"{where}, key {key!r}", measure)))
        # A day without its figures is a slip, not a category that came to an end.
        if cells[-1:] == [] or cells[-1][0] != number or (categories is _PERSONNEL and "personnel" not in record):
            raise SourceFormatError(path, where, "has no figure of this file's kind")
    index = pd.RangeIndex(1, len(days) + 1)
    by_entry = strict.dates(pd.Series(days, index=index, name=_DATE_KEY, dtype=str), path, strict.ISO_DATE)
    frame = pd.DataFrame(cells, columns=["entry", "category", measure])
    frame.insert(0, "report_date", frame.pop("entry").map(by_entry))
    return frame


def shipped_cells(path: str, claimed: pd.DataFrame) -> pd.DataFrame:
    """What a file of this path would hold of an observation table, in the shape `parse` gives."""
    categories, measure = _shape_of(path)
    cells = claimed.loc[claimed["category"].isin(categories.values()), [*_KEY, measure]]
    return cells[cells["correction"] != 0] if measure == "correction" else cells


def observe(files: Sequence[RawFile], embedded: Tables) -> Tables:
    """Claimed losses by day and category, from the embedded figures overlaid by the newest files."""
    known = embedded["claimed_losses"]
    figures = [known[[*_KEY, "claimed_losses_cum"]]]
    corrections = [known.loc[known["correction"] != 0, [*_KEY, "correction"]]]
    for file in newest_by_path(files):
        parsed = parse(file.read(), file.path)
        (corrections if "correction" in parsed else figures).append(parsed)
    claimed = _newest(figures).merge(_newest(corrections), on=_KEY, how="left")
    claimed["correction"] = claimed["correction"].fillna(0).astype("int64")
    return {"claimed_losses": observations.conform("claimed_losses", claimed)}


def _shape_of(path: str) -> tuple[dict[str, str], str]:
    """Categories and measure of a file, by its name."""
    try:
        return _FILES[re.sub(r"^.*/", "", path)]
    except KeyError:
        raise SourceFormatError(path, "file name", f"is none of {', '.join(_FILES)}") from None


def _figure(value: object, path: str, where: str, measure: str) -> int:
    # bool is an int to Python, 1.0 is a float to JSON: neither is a count.
    if type(value) is not int or abs(value) > _LARGEST:
        raise SourceFormatError(path, where, f"{value!r} is not a whole number up to {_LARGEST}")
    if measure == "claimed_losses_cum" and value < 0:
        raise SourceFormatError(path, where, f"{value} is negative, which a cumulative figure cannot be")
    return value


def _newest(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True).drop_duplicates(_KEY, keep="last")
