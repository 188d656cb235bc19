"""The scorecard: published statements held against the figures, as known then and now."""

from collections import Counter
from dataclasses import dataclass

import duckdb

from orchestration.report.figure import Row, Table, query
from orchestration.report.render.formatting import count, listed, some

NAME = "claims"

CLAIMS = """
select
    claim_id,
    statement_id,
    claim,
    claimed_by,
    published_on,
    unit,
    kind,
    stated_low,
    stated_high,
    stated_in_words,
    as_of_then,
    computed_then,
    computed_then_high,
    as_of_now,
    computed_now,
    computed_now_high,
    input_ends_on,
    verdict,
    explanation,
from published_claims
order by claim_id
"""

HEADINGS = {
    "claim_id": "no.",
    "claim": "claim",
    "claimed_by": "by",
    "published_on": "published",
    "unit": "unit",
    "kind": "kind",
    "stated_low": "stated",
    "stated_high": "stated, to",
    "stated_in_words": "stated in words",
    "as_of_then": "as of, then",
    "computed_then": "computed then",
    "computed_then_high": "computed then, to",
    "as_of_now": "as of, now",
    "computed_now": "computed now",
    "computed_now_high": "computed now, to",
    "input_ends_on": "an input ends",
    "verdict": "verdict",
    "explanation": "explanation",
}

# In the order of the page: what a verdict is called, with a mark that does not need colour.
VERDICTS = {
    "reproduced": ("✓", "reproduced"),
    "came_true": ("↑", "came true"),
    "superseded": ("↻", "superseded"),
    "contradicted": ("✗", "contradicted"),
    "definition_differs": ("≠", "counted differently"),
    "input_ends": ("…", "input ends"),
    "not_derivable": ("?", "cannot be derived"),
    "not_numeric": ("–", "no figure in it"),
}

# How many there are of each, in the title: for one and for more.
TALLIES = {
    "reproduced": ("one is reproduced by the figures", "{} are reproduced by the figures"),
    "came_true": ("one did not hold when made and does now", "{} did not hold when made and do now"),
    "superseded": ("one held when made and does not now", "{} held when made and do not now"),
    "contradicted": ("one holds neither then nor now", "{} hold neither then nor now"),
    "definition_differs": (
        "one is not borne out by figures that count differently",
        "{} are not borne out by figures that count differently",
    ),
    "input_ends": ("one needs newer figures than there are here", "{} need newer figures than there are here"),
    "not_derivable": (
        "one cannot be derived, for an input was never published",
        "{} cannot be derived, for an input was never published",
    ),
    "not_numeric": ("one holds no figure to test", "{} hold no figure to test"),
}

# How a figure is stated where the claim is no plain figure.
STATED = {"positive": "above zero", "more_than": "more than {}", "at_least": "at least {}", "nearly": "nearly {}"}


@dataclass(frozen=True)
class Scorecard:
    """The scorecard: its finding, its rows as the page shows them, and the table behind it."""

    title: str
    rows: list[dict[str, str]]
    table: Table


def scorecard(database: duckdb.DuckDBPyConnection) -> Scorecard:
    """All published claims with their verdicts, in words."""
    rows = query(database, CLAIMS)
    return Scorecard(_title(rows), [_shown(row) for row in rows], Table(HEADINGS, rows))


def _title(rows: list[Row]) -> str:
    if not rows:
        return "No published statement has been held against the figures"
    found = Counter(row["verdict"] for row in rows)
    words = listed(
        [TALLIES[verdict][found[verdict] > 1].format(found[verdict]) for verdict in TALLIES if found[verdict]]
    )
    statements = len({row["statement_id"] or row["claim_id"] for row in rows})
    told = some(statements, "published statement")
    return f"Of {told if statements == len(rows) else f'{len(rows)} readings of {told}'}, {words}"


def _shown(row: Row) -> dict[str, str]:
    mark, words = VERDICTS.get(row["verdict"], ("", row["verdict"]))
    published = f", {row['published_on']}" if row["published_on"] else ""
    return {
        "id": row["claim_id"],
        "claim": row["claim"],
        "by": f"{row['claimed_by']}{published}",
        "stated": _stated(row),
        "then": _computed(row, "then"),
        "then_as_of": f"as of {row['as_of_then']}" if row["as_of_then"] else "",
        "now": _computed(row, "now"),
        "now_as_of": _now_as_of(row),
        "unit": {"persons_per_km2": "a km²", "km2": "km²", "RUB": "roubles", "persons_per_km": "a km"}.get(
            row["unit"], ""
        ),
        "mark": mark,
        "verdict": words,
        "verdict_name": row["verdict"],
        "explanation": row["explanation"],
    }


def _now_as_of(row: Row) -> str:
    if row["computed_now"] is None and row["input_ends_on"]:
        return f"an input ends on {row['input_ends_on']}"
    return f"as of {row['as_of_now']}" if row["as_of_now"] else ""


def _stated(row: Row) -> str:
    low = row["stated_low"] if row["stated_low"] is not None else row["stated_in_words"]
    # A statement without a figure, and without a unit to be above zero in.
    if low is None and (row["kind"] != "positive" or row["unit"] == "qualitative"):
        return _figure(None, row["unit"])
    return STATED.get(row["kind"], "{}").format(_range(low, row["stated_high"], row))


def _computed(row: Row, side: str) -> str:
    low = row[f"computed_{side}"]
    # What bears on a statement without a figure has a unit of its own, which its explanation gives.
    if row["unit"] == "qualitative" and low is not None:
        return "see why"
    return _range(low, row[f"computed_{side}_high"], row)


def _range(low: float | None, high: float | None, row: Row) -> str:
    if high is None or (high == low and row["kind"] != "pair"):
        return _figure(low, row["unit"])
    return f"{_figure(low, row['unit'])} {'and' if row['kind'] == 'pair' else 'to'} {_figure(high, row['unit'])}"


def _figure(value: float | None, unit: str) -> str:
    """A claim's figure; a date is stored as the number YYYYMMDD."""
    if value is None:
        return "–"
    if unit == "date":
        digits = f"{value:.0f}"
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    if unit == "rank":
        return f"no. {value:.0f}"
    return count(value) if abs(value) >= 1000 or value == int(value) else f"{value:.2f}"
