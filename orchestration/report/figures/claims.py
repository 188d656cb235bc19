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
    claim,
    claimed_by,
    published_on,
    unit,
    stated_low,
    stated_high,
    as_of_then,
    computed_then,
    computed_then_high,
    as_of_now,
    computed_now,
    computed_now_high,
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
    "stated_low": "stated",
    "stated_high": "stated, to",
    "as_of_then": "list then",
    "computed_then": "computed then",
    "computed_then_high": "computed then, to",
    "as_of_now": "list now",
    "computed_now": "computed now",
    "computed_now_high": "computed now, to",
    "verdict": "verdict",
    "explanation": "explanation",
}

# In the order of the page: what a verdict is called, with a mark that does not need colour.
VERDICTS = {
    "reproduced": ("✓", "borne out"),
    "superseded": ("↻", "superseded"),
    "definition_differs": ("≠", "counted differently"),
    "not_derivable": ("?", "cannot be derived"),
    "not_numeric": ("–", "no figure in it"),
}


# How many there are of each, in the title: for one and for more.
TALLIES = {
    "reproduced": ("one is borne out by the figures now", "{} are borne out by the figures now"),
    "superseded": ("one was right when made and is superseded", "{} were right when made and are superseded"),
    "definition_differs": ("one counts differently", "{} count differently"),
    "not_derivable": ("one cannot be derived from what is public", "{} cannot be derived from what is public"),
    "not_numeric": ("one holds no figure to test", "{} hold no figure to test"),
}


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
    return f"Of {some(len(rows), 'published statement')}, {words}"


def _shown(row: Row) -> dict[str, str]:
    mark, words = VERDICTS.get(row["verdict"], ("", row["verdict"]))
    published = f", {row['published_on']}" if row["published_on"] else ""
    return {
        "id": row["claim_id"],
        "claim": row["claim"],
        "by": f"{row['claimed_by']}{published}",
        "stated": _range(row["stated_low"], row["stated_high"], row["unit"]),
        "then": _range(row["computed_then"], row["computed_then_high"], row["unit"]),
        "then_as_of": f"list of {row['as_of_then']}" if row["as_of_then"] else "",
        "now": _range(row["computed_now"], row["computed_now_high"], row["unit"]),
        "now_as_of": f"list of {row['as_of_now']}" if row["as_of_now"] else "",
        "unit": {"persons_per_km2": "a km²", "km2": "km²", "RUB": "roubles", "persons_per_km": "a km"}.get(
            row["unit"], ""
        ),
        "mark": mark,
        "verdict": words,
        "verdict_name": row["verdict"],
        "explanation": row["explanation"],
    }


def _range(low: float | None, high: float | None, unit: str) -> str:
    # What bears on a statement without a figure has a unit of its own, which its explanation gives.
    if unit == "qualitative" and low is not None:
        return "see why"
    if high is None or high == low:
        return _figure(low, unit)
    return f"{_figure(low, unit)} to {_figure(high, unit)}"


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
