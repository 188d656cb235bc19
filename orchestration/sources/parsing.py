"""Reading a served file strictly: text, header, dates, counts. Nothing is guessed, repaired or skipped.

What belongs here: checks any file can fail, naming the file, the row and the column. What does not: anything known of
one source.
"""

import codecs
import csv
import io
import json
import re
from datetime import date

import pandas as pd

from orchestration.sources.errors import SourceFormatError

ISO_DATE = "%Y-%m-%d"
DOTTED_DATE = "%d.%m.%Y"
# strptime alone would take "2024-1-5" and "1.2.24": the width is fixed as well.
_DATE_SHAPES = {ISO_DATE: "[0-9]{4}-[0-9]{2}-[0-9]{2}", DOTTED_DATE: r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}"}
_COUNT = "[0-9]{1,9}"
_NUMBER = r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"


def text(content: bytes, path: str) -> str:
    """Decode a file as UTF-8; an empty file, a web page and other bytes are errors that say so."""
    start = content.removeprefix(codecs.BOM_UTF8).lstrip()[:200].lower()
    if not start:
        raise SourceFormatError(path, "whole file", "is empty")
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise SourceFormatError(
            path, "whole file", "is a web page (HTML), not data: a sign-in or error page was served"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceFormatError(path, f"byte {error.start}", "is not UTF-8") from None


def csv_rows(content: bytes, path: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read a CSV file whose header is exactly `columns`, in any order, into strings indexed by line number."""
    reader = csv.reader(io.StringIO(text(content, path), newline=""), strict=True)
    try:
        header = next(reader)
        lines = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise SourceFormatError(path, f"line {reader.line_num}", f"is not CSV ({error})") from None
    for name in header:
        if name not in columns:
            raise SourceFormatError(path, f"column {name!r}", f"is unknown; expected {', '.join(columns)}")
        if header.count(name) > 1:
            raise SourceFormatError(path, f"column {name!r}", "appears twice")
    for name in columns:
        if name not in header:
            raise SourceFormatError(path, f"column {name!r}", "is missing")
    for number, row in lines:
        if len(row) != len(header):
            raise SourceFormatError(path, f"line {number}", f"has {len(row)} fields, the header {len(header)}")
    if not lines:
        raise SourceFormatError(path, "whole file", "has a header and no rows")
    return pd.DataFrame(
        [row for _, row in lines],
        columns=header,
        index=pd.Index([number for number, _ in lines], name="line"),
        dtype=str,
    )[list(columns)]


def json_document(content: bytes, path: str) -> object:
    """Read a JSON document; duplicate keys, NaN and a document cut short are errors."""

    def refuse_constant(name: str) -> None:
        raise SourceFormatError(path, "whole file", f"contains {name}, which is no number")

    def unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
        keys = [key for key, _ in pairs]
        for key in keys:
            if keys.count(key) > 1:
                raise SourceFormatError(path, f"key {key!r}", "appears twice in one object")
        return dict(pairs)

    try:
        return json.loads(text(content, path), parse_constant=refuse_constant, object_pairs_hook=unique_keys)
    except json.JSONDecodeError as error:
        raise SourceFormatError(
            path, f"line {error.lineno}, column {error.colno}", f"is not JSON, perhaps cut short ({error.msg})"
        ) from None


def dates(values: pd.Series, path: str, date_format: str) -> pd.Series:
    """Dates of one fixed format, unique; `values` are strings named by column and indexed by line."""
    parsed = pd.to_datetime(values, format=date_format, errors="coerce")
    bad = parsed.isna() | ~values.str.fullmatch(_DATE_SHAPES[date_format])
    _refuse(bad, values, path, f"is not a date in the format {date_format}")
    _refuse(parsed.duplicated(), values, path, "appears a second time")
    return parsed


def labels(values: pd.Series, path: str) -> None:
    """Refuse labels that are blank, padded or given twice; `values` are named by column and indexed by line."""
    _refuse((values == "") | (values != values.str.strip()), values, path, "is blank or padded")
    _refuse(values.duplicated(), values, path, "appears a second time")


def counts(values: pd.Series, path: str, *, blank_is_zero: bool = False) -> pd.Series:
    """Non-negative whole numbers; a blank is an error unless the source writes zero that way."""
    filled = values.where(values != "", "0") if blank_is_zero else values
    _refuse(~filled.str.fullmatch(_COUNT), values, path, "is not a non-negative whole number")
    return filled.astype("int64")


def numbers(values: pd.Series, path: str) -> pd.Series:
    """Non-negative decimal numbers at full precision."""
    _refuse(~values.str.fullmatch(_NUMBER), values, path, "is not a non-negative number")
    return values.map(float)


def weekly(days: pd.Series, path: str, weekday: int, name: str) -> None:
    """Refuse days off the grid of consecutive weeks; `weekday` counts from Monday = 0, `name` is for the message."""
    _refuse(days.dt.day_of_week != weekday, days.dt.date.astype(str), path, f"is not a {name}")
    step = days.diff().dt.days
    _refuse(step.notna() & (step != 7), days.dt.date.astype(str), path, "does not follow the week before it")


def date_in_name(path: str, pattern: str) -> date:
    """The date a file's name carries; `pattern` has the groups year, month, day."""
    found = re.search(pattern, path)
    try:
        if found:
            return date(*(int(found[part]) for part in ("year", "month", "day")))
    except ValueError:  # no day of the calendar
        pass
    raise SourceFormatError(path, "file name", "carries no date in the expected form")


def _refuse(bad: pd.Series, values: pd.Series, path: str, problem: str) -> None:
    """Raise for the first line marked bad."""
    if bad.any():
        line = bad.idxmax()
        raise SourceFormatError(path, f"line {line}, column {values.name!r}", f"{values.loc[line]!r} {problem}")
