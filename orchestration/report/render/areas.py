"""How series of areas and what they count are named on the page; not how an area is written (`formatting`)."""

# As the page names the series that others computed from the history of DeepState's map.
HISTORY = "DeepState, history"

_NAMES = {"deepstate_history": HISTORY}
_DEFINITIONS = {"control": "control", "control_and_claimed": "control and claimed areas"}


def area_name(series: str) -> str:
    """The name of a series for readers; most are words already."""
    return _NAMES.get(series, series)


def definition(code: str | None) -> str | None:
    """What counts as taken, in words; a code that is new here stands as it is rather than unsaid."""
    return None if code is None else _DEFINITIONS.get(code, code.replace("_", " "))


def defined(series: str, code: str | None) -> str:
    """The series with what it counts, said once: `ISW (control)`; the bare name where nothing is known of it."""
    words = definition(code)
    return area_name(series) if words is None else f"{area_name(series).replace(', with claimed areas', '')} ({words})"
