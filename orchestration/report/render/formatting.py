"""How figures, dates and lists are written on the page."""

import re
from collections.abc import Sequence
from datetime import date, datetime

NO_BREAK = "\u00a0"
NOT_GIVEN = "–"


def count(number: float) -> str:
    """A number of persons or km²: 105,210; a true minus sign below zero."""
    return f"{round(number):,}".replace("-", "−")


def square_km(km2: float) -> str:
    """An area on one line: 4,189 km²."""
    return f"{count(km2)}{NO_BREAK}km²"


def share(number: float) -> str:
    """A share of 0 to 1 in whole per cent, never rounded to nothing or all: 36 %, under 1 %, over 99 %."""
    if 0 < number < 0.01:
        return f"under 1{NO_BREAK}%"
    if 0.99 < number < 1:
        return f"over 99{NO_BREAK}%"
    return f"{number * 100:.0f}{NO_BREAK}%"


def day(when: date) -> str:
    """11 October 2025."""
    return f"{when.day}{NO_BREAK}{when:%B %Y}"


def short_day(when: date) -> str:
    """11 Oct 2025, on one line."""
    return f"{when.day}{NO_BREAK}{when:%b}{NO_BREAK}{when.year}"


def month(when: date) -> str:
    """October 2025."""
    return f"{when:%B %Y}"


def some(number: int, one: str, many: str | None = None) -> str:
    """1 week, 12 weeks."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """A, b and c."""
    parts = list(parts)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def cell(value: object) -> str:
    """A value as a table of the page shows it; a missing one as a dash."""
    if value is None:
        return NOT_GIVEN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return count(value)
    if isinstance(value, float):
        return count(value) if abs(value) >= 1000 else f"{value:,.2f}".rstrip("0").rstrip(".").replace("-", "−")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def sentence(text: str) -> str:
    """Text that starts with a capital and ends with a full stop, its white space made single."""
    text = re.sub(r"\s+", " ", text).strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
