"""The thresholds that Python and dbt share: `vars.yml` of the dbt project, one row each with value, unit and reason.

What belongs here: reading a row by its name. What does not: the numbers (dbt_project/vars.yml), and what is done where
one is exceeded (the rule that asks for it).
"""

from datetime import date
from functools import cache
from typing import Any

import yaml

from orchestration.settings import DBT_PROJECT_DIR

PATH = DBT_PROJECT_DIR / "vars.yml"


@cache
def rows() -> dict[str, dict[str, Any]]:
    """All rows by name: value, unit and reason."""
    return yaml.safe_load(PATH.read_text(encoding="utf-8"))["vars"]


def number(name: str) -> float:
    """The value of a threshold, in the unit of its row; KeyError where there is no such row."""
    value = _value(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{PATH}: {name} is {value!r}, no number")
    return value


def whole(name: str) -> int:
    """The value of a threshold that counts days, steps or people."""
    value = number(name)
    if value != int(value):
        raise TypeError(f"{PATH}: {name} is {value!r}, no whole number")
    return int(value)


def day(name: str) -> date:
    """The value of a threshold that is a date."""
    return date.fromisoformat(_value(name))


def in_words(text: str) -> str:
    """A text with the values of the thresholds it names in braces, as `at most {area_jump_km2} km²`."""
    return text.format_map({name: row["value"] for name, row in rows().items()})


def _value(name: str) -> Any:
    try:
        return rows()[name]["value"]
    except KeyError:
        raise KeyError(f"{PATH} has no threshold {name!r}: add a row with value, unit and reason") from None
