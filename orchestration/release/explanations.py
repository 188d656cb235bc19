"""What published rows say in words, from the codes and figures of their marts.

What belongs here: the sentences, one pure function a column, from a row of the mart (values by column name) to its
text. What does not: figures and judgements (dbt computes them; a sentence only tells them), and the words of the page
(orchestration/report).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.dbt.thresholds import whole

Row = Mapping[str, Any]

_SMALL_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class WordedColumn:
    """A column that the release adds to a mart: its table, its name, the column it stands after, and its words.

    Args:
        table: the mart.
        name: the column, a text.
        after: the column of the mart that it follows.
        description: what it holds, for readers of the tables.
        words: the text of a row, or None. ValueError says that there are no words for what the row holds.
    """

    table: str
    name: str
    after: str
    description: str
    words: Callable[[Row], str | None]


def claim(row: Row) -> str | None:
    """A claim in one line; a published ratio by its name and period."""
    if row["ratio_name"] is None:
        return row["statement"]
    name = row["ratio_name"].replace("_per_km2", "_per_km²").replace("_", " ")
    return f"{name}, {row['period_start']} to {row['period_end']}"


def explanation(row: Row) -> str:
    """Stated and computed figures of a claim, what they rest on then and now, and why they differ."""
    note = f"Note: {row['note']}." if row["note"] is not None else None
    return " ".join(text for text in (_comparison(row), _turn(row), row["definition"], note) if text)


def break_reason(row: Row) -> str | None:
    """Why the step to a vintage is out of line with the steps before it; None where it is not.

    Raises:
        ValueError: a code has no words here.
    """
    if row["break_codes"] is None:
        return None
    return "; ".join(_break_in_words(code, row) for code in row["break_codes"].split("; "))


WORDED_COLUMNS = (
    WordedColumn("published_claims", "claim", "claim_id", "The claim in words.", claim),
    WordedColumn(
        "published_claims",
        "explanation",
        "verdict",
        "Stated and computed figures, what they rest on then and now, and why they differ.",
        explanation,
    ),
    WordedColumn(
        "vintages",
        "break_reason",
        "is_break",
        "Why the step counts as a break; null where it does not. Where the named total is missing, bulk dating shows "
        "only as a pace of dated names out of line.",
        break_reason,
    ),
)


def _comparison(row: Row) -> str | None:
    if row["kind"] == "not_numeric":
        return "No figure could decide it."
    if row["kind"] == "not_covered":
        return None
    if row["computed_now"] is None:
        return "Its inputs are not printed with it, so it cannot be computed again."
    stated = _figure(_stated_low(row), row["stated_high"])
    then = _figure(row["computed_then"], row["computed_then_high"])
    now = _figure(row["computed_now"], row["computed_now_high"])
    if row["kind"] == "printed_ratio":
        slip = "" if row["holds_now"] else ": a slip, for more than rounding lies between them"
        return f"The printed inputs give {now}, printed is {stated}{slip}."
    as_of = f" (as of {row['as_of_then']})" if row["as_of_then"] else ""
    from_then, from_now = row["computed_then_from"], row["computed_now_from"]
    sentences = [
        f"Stated: {stated or 'above zero'}.",
        f"Then{as_of}: {then}, from {from_then}." if then else f"Then: {from_then}.",
        f"Now (as of {row['as_of_now']}): {now}, from {'the same' if from_now == from_then else from_now}.",
    ]
    if row["tolerance"] > 0:
        sentences.append(f"Allowed: {row['tolerance'] * 100:.0f} %.")
    return " ".join(sentences)


def _turn(row: Row) -> str | None:
    """How what holds now differs from what held then."""
    if row["kind"] == "printed_ratio":
        return None
    if row["verdict"] == "superseded":
        if row["held_then"]:
            return "It was right then and is not any more."
        return "What is computed now lies above what was stated."
    if row["holds_now"] and row["held_then"] is False:
        return "It did not hold then, computed like this, and does now."
    return None


def _stated_low(row: Row) -> float | None:
    return row["stated_low"] if row["stated_low"] is not None else row["stated_in_words"]


def _figure(low: float | None, high: float | None) -> str | None:
    if low is None:
        return None
    return _number(low) if high is None or high == low else f"{_number(low)} to {_number(high)}"


def _number(value: float) -> str:
    """Whole where large, two decimals where small: plain, so that it can be found in the columns."""
    return f"{value:.0f}" if abs(value) >= 1000 or value == round(value) else f"{value:.2f}"


def _break_in_words(code: str, row: Row) -> str:
    steps_before = f"times the median of the last {_SMALL_NUMBERS[whole('break_pace_steps')]} steps"
    match code:
        case "named_pace":
            return f"names a day {row['named_pace_ratio']:.2f} {steps_before}"
        case "dated_pace":
            return f"names with a date {row['dated_pace_ratio']:.2f} {steps_before} (named total unknown)"
        case "dated_share_rise":
            return f"dated share rose by {row['dated_share_change_points']:.1f} points (bulk dating)"
        case "dated_share_fall":
            return f"dated share fell by {-row['dated_share_change_points']:.1f} points (names without a date)"
        case "undated_fall":
            return f"undated names fell by {-row['undated_change']:d} (bulk dating)"
    raise ValueError(f"no words for the break {code!r}: add them to the explanations of the release")
