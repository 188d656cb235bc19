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
    """A claim in one line with the way it is read; a published ratio by its name and period."""
    if row["ratio_name"] is not None:
        name = row["ratio_name"].replace("_per_km2", "_per_km²").replace("_", " ")
        return f"{name}, {row['period_start']} to {row['period_end']}"
    return row["statement"] if row["reading"] is None else f"{row['statement']} ({row['reading']})"


def explanation(row: Row) -> str:
    """Stated and computed figures of a claim, what they rest on then and now, and what follows for the claim."""
    note = row["note"]
    if row["ratio_name"] is not None and note is not None:
        note = f"Note: {note}."
    readings = f"Other readings: {row['other_readings'].replace('_', ' ')}." if row["other_readings"] else None
    return " ".join(text for text in (*_comparison(row), _turn(row), row["definition"], note, readings) if text)


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


# What inputs are called, by their codes in computed_then_rests_on, computed_now_rests_on and ending_input.
_INPUTS = {
    "confirmed_deaths daily_vintage": "the list by day",
    "confirmed_deaths weekly_export": "the list by week",
    "named_total": "the named total",
    "deaths_by_region": "the list by region",
    "militias_estimate": "the estimate of the militias' dead",
    "probate_estimate": "the probate estimate",
    "occupied_area": "the map",
    "area_statement": "the published area",
    "recruitment_statement": "what was said of recruits",
    "claimed_casualties": "claimed casualties",
    "bonus_statement": "what was decreed",
    "printed_with_it": "what is printed with it",
}

# Where a figure lies that does not bear the claim out, by the claim's kind; of a rank the figure itself says so.
_STANDS = {
    "positive": {"below": "not above zero", "across": "on both sides of zero"},
    "more_than": {"below": "not more", "across": "not more throughout"},
    "pair": {"above": "both above", "below": "both below", "across": "not both alike"},
    "rank": {"above": "", "below": "", "across": ""},
    "any": {"above": "above", "below": "below", "across": "not within it", "earlier": "earlier", "later": "later"},
}

_STATED = {"positive": "above zero", "more_than": "more than {}", "at_least": "at least {}", "nearly": "nearly {}"}


def _comparison(row: Row) -> list[str]:
    if row["kind"] == "not_numeric":
        return ["No figure could decide it."]
    if row["kind"] == "not_covered":
        return ["What it takes to test it was never published."]
    if row["kind"] == "printed_ratio":
        return [_division(row)]
    sentences = [f"Stated: {stated(row)}.", _side(row, "then"), _side(row, "now")]
    if row["tolerance"]:
        sentences.append(f"Allowed: {row['tolerance'] * 100:.0f} %.")
    return sentences


def _division(row: Row) -> str:
    if row["computed_now"] is None:
        return "Its inputs are not printed with it, so it cannot be computed again."
    slip = "" if row["holds_now"] else ": a slip, for more than rounding lies between them"
    return f"The printed inputs give {_number(row['computed_now'])}, printed is {stated(row)}{slip}."


def _side(row: Row, side: str) -> str:
    """The figure of a side, where it lies of what is stated, and what it rests on; or why there is none."""
    figure = _computed(row, side)
    if figure is None:
        return f"{side.capitalize()}: {_no_figure(row, side)}."
    stands = row[f"stands_{side}"]
    where = _STANDS.get(row["kind"], _STANDS["any"]).get(stands, _STANDS["any"].get(stands, "")) if stands else ""
    method = row[f"computed_{side}_from"]
    if side == "now" and method == row["computed_then_from"] and row["computed_then"] is not None:
        method = "the same"
    inputs = _inputs(row[f"computed_{side}_rests_on"])
    return f"{side.capitalize()}: {figure}{', ' if where else ''}{where}, from {method}{inputs}."


def _no_figure(row: Row, side: str) -> str:
    if row["ending_input"] is not None:
        return "no figure"
    if side == "then" and row["published_on"] is None:
        return "no figure, for its day is unknown"
    if side == "then":
        return "no figure, for not all it takes is known to have been published by its day"
    return "no figure, for what it takes was never published as far as collected here"


def _inputs(rests_on: str) -> str:
    named = [f"{_input(code)} {_dated(day)}" for code, day in (one.rsplit(" ", 1) for one in rests_on.split("; "))]
    return f" ({', '.join(named)})"


def _input(code: str) -> str:
    return _INPUTS.get(code, code.replace("_", " "))


def _dated(day: str) -> str:
    return "of an unknown day" if day == "undated" else f"of {day}"


def _turn(row: Row) -> str | None:
    """What the figures of then and now say together."""
    ended = None
    if row["ending_input"] is not None:
        name = _input(row["ending_input"])
        ended = (
            f"{name[0].upper()}{name[1:]} ends here on {row['input_ends_on']} and would have to reach"
            f" {row['input_needed_through']}."
        )
    held = {True: "It held then.", False: "It did not hold then."}.get(row["held_then"])
    match row["verdict"]:
        case "input_ends":
            return " ".join(text for text in (ended, held) if text)
        case "superseded":
            return "It held when it was published and does not any more."
        case "came_true":
            return "It did not hold then, computed like this, and does now."
        case "contradicted" if row["kind"] != "printed_ratio":
            return "The figures bear it out neither then nor now."
        case "definition_differs":
            return "The figures do not bear it out, but count differently."
        case "reproduced" if row["held_then"] is None:
            return " ".join(text for text in (ended, "Whether it held then cannot be told here.") if text)
        case "not_derivable" if row["holds_now"] is False:
            return "It does not hold now; whether it held then cannot be told."
    return None


def stated(row: Row) -> str:
    """What a claim states, plainly: a figure, the ends of a range, two counts of a pair, a day."""
    if row["stated_day"] is not None:
        return str(row["stated_day"])
    low = row["stated_low"] if row["stated_low"] is not None else row["stated_in_words"]
    return _STATED.get(row["kind"], "{}").format(_figure(low, row["stated_high"], row["kind"]))


def _computed(row: Row, side: str) -> str | None:
    if row[f"computed_{side}_day"] is not None:
        return str(row[f"computed_{side}_day"])
    return _figure(row[f"computed_{side}"], row[f"computed_{side}_high"], row["kind"])


def _figure(low: float | None, high: float | None, kind: str) -> str | None:
    if low is None:
        return None
    if high is None or (high == low and kind != "pair"):
        return _number(low)
    return f"{_number(low)} {'and' if kind == 'pair' else 'to'} {_number(high)}"


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
