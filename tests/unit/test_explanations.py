"""The wording of what a release says about claims and breaks: one sentence a finding, from codes and figures."""

from datetime import date
from typing import Any

import pytest

from orchestration.release.explanations import WORDED_COLUMNS, break_reason, claim, explanation

CLAIM = {
    "statement": "Deaths dated 2024 on the named list",
    "reading": None,
    "ratio_name": None,
    "period_start": date(2024, 1, 1),
    "period_end": date(2024, 12, 31),
    "published_on": date(2025, 5, 5),
    "kind": "count",
    "tolerance": 0.02,
    "stated_low": 45287.0,
    "stated_high": None,
    "stated_in_words": None,
    "stated_day": None,
    "computed_then": 30666.0,
    "computed_then_high": None,
    "computed_then_day": None,
    "computed_then_from": "names with a day of death",
    "computed_then_rests_on": "confirmed_deaths daily_vintage 2025-04-26",
    "held_then": False,
    "stands_then": "below",
    "computed_now": 87580.0,
    "computed_now_high": None,
    "computed_now_day": None,
    "computed_now_from": "names with a day of death",
    "computed_now_rests_on": "confirmed_deaths weekly_export 2026-05-22",
    "holds_now": False,
    "stands_now": "above",
    "ending_input": None,
    "input_ends_on": None,
    "input_needed_through": None,
    "verdict": "contradicted",
    "other_readings": None,
    "definition": None,
    "note": None,
}
RATIO = {
    **CLAIM,
    "statement": None,
    "ratio_name": "casualties_per_km2",
    "stated_low": 96.0,
    "computed_then": 96.86746987951807,
    "computed_then_rests_on": "printed_with_it 2025-02-04",
    "computed_now": 96.86746987951807,
    "computed_now_rests_on": "printed_with_it 2025-02-04",
    "kind": "printed_ratio",
    "tolerance": 0.5,
}
NO_THEN = {"computed_then": None, "computed_then_rests_on": None, "held_then": None, "stands_then": None}
NO_NOW = {"computed_now": None, "computed_now_rests_on": None, "holds_now": None, "stands_now": None}
HOLDS = {"holds_now": True, "stands_now": None}
ENDED = {
    "ending_input": "named_total",
    "input_ends_on": date(2025, 1, 18),
    "input_needed_through": date(2025, 5, 5),
}
VINTAGE = {
    "break_codes": None,
    "named_pace_ratio": 4.0449,
    "dated_pace_ratio": 3.4351,
    "dated_share_change_points": -1.3049,
    "undated_change": -1041,
}


def of(row: dict[str, Any], **changes: object) -> str:
    return explanation({**row, **changes})


def test_a_claim_is_told_by_its_statement_and_a_ratio_by_its_name_and_period() -> None:
    assert claim(CLAIM) == "Deaths dated 2024 on the named list"
    assert claim({**CLAIM, "reading": "of the war"}) == "Deaths dated 2024 on the named list (of the war)"
    assert claim(RATIO) == "casualties per km², 2024-01-01 to 2024-12-31"
    of_advance = {**RATIO, "ratio_name": "killed_per_km_of_advance"}
    assert claim(of_advance) == "killed per km of advance, 2024-01-01 to 2024-12-31"


def test_an_explanation_sets_what_is_stated_beside_what_is_computed_then_and_now() -> None:
    assert explanation(CLAIM) == (
        "Stated: 45287. Then: 30666, below, from names with a day of death (the list by day of 2025-04-26). "
        "Now: 87580, above, from the same (the list by week of 2026-05-22). Allowed: 2 %. "
        "The figures bear it out neither then nor now."
    )


def test_another_method_is_named_and_no_tolerance_is_not() -> None:
    text = of(CLAIM, computed_now_from="the registry", tolerance=0.0, definition="Counted otherwise.")
    assert "Now: 87580, above, from the registry (the list" in text
    assert "Allowed" not in text
    assert text.endswith("neither then nor now. Counted otherwise.")


def test_every_input_is_named_with_its_date_and_one_without_a_date_as_such() -> None:
    text = of(
        CLAIM, computed_now_rests_on="named_total 2025-10-11; recruitment_statement undated; new_input 2025-01-01"
    )
    assert (
        "(the named total of 2025-10-11, what was said of recruits of an unknown day, new input of 2025-01-01)" in text
    )


def test_ranges_have_two_ends_and_small_figures_two_decimals() -> None:
    ranges = {
        "computed_then": 3.0293,
        "computed_then_high": 8.5783,
        "computed_now": 17.0,
        "computed_now_high": 1234.5678,
    }
    text = of(CLAIM, stated_low=4.96, stated_high=11.01, stands_then="across", **ranges)
    assert text.startswith("Stated: 4.96 to 11.01. Then: 3.03 to 8.58, not within it, from ")
    assert "Now: 17 to 1235, above, from the same" in text
    assert of(CLAIM, stated_low=2.53, stated_high=2.53).startswith("Stated: 2.53. ")
    pair = of(CLAIM, kind="pair", stated_low=5.0, stated_high=5.0, stands_then="below", **ranges)
    assert pair.startswith("Stated: 5 and 5. Then: 3.03 and 8.58, both below, from ")


@pytest.mark.parametrize(
    ("changes", "stated", "stands"),
    [
        ({"kind": "positive", "stated_low": None}, "above zero", "not above zero"),
        ({"kind": "more_than", "stated_low": None, "stated_in_words": 1.0}, "more than 1", "not more"),
        ({"kind": "at_least"}, "at least 45287", "below"),
        ({"kind": "nearly", "stated_low": None, "stated_in_words": 3.0}, "nearly 3", "below"),
    ],
)
def test_what_is_stated_is_told_as_it_was_made(changes: dict[str, Any], stated: str, stands: str) -> None:
    assert of(CLAIM, **changes).startswith(f"Stated: {stated}. Then: 30666, {stands}, from ")


def test_a_rank_is_not_above_or_below() -> None:
    text = of(CLAIM, kind="rank", stated_low=None, stated_in_words=1.0, computed_then=2.0)
    assert text.startswith("Stated: 1. Then: 2, from ")


def test_days_are_told_as_days() -> None:
    days = {
        "stated_day": date(2024, 2, 20),
        "computed_then_day": date(2024, 2, 20),
        "computed_now_day": date(2024, 11, 28),
    }
    text = of(CLAIM, kind="date", stands_now="later", stands_then=None, verdict="superseded", held_then=True, **days)
    assert text.startswith("Stated: 2024-02-20. Then: 2024-02-20, from ")
    assert "Now: 2024-11-28, later, from " in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"verdict": "superseded", "held_then": True, "stands_then": None},
            "It held when it was published and does not any",
        ),
        ({"verdict": "came_true", **HOLDS}, "It did not hold then, computed like this, and does now."),
        ({"verdict": "contradicted"}, "The figures bear it out neither then nor now."),
        ({"verdict": "definition_differs"}, "The figures do not bear it out, but count differently."),
        ({"verdict": "reproduced", **NO_THEN, **HOLDS}, "Whether it held then cannot be told here."),
        ({"verdict": "not_derivable", **NO_THEN}, "It does not hold now; whether it held then cannot be told."),
        ({"verdict": "input_ends", **ENDED, **NO_NOW}, "reach 2025-05-05. It did not hold then."),
        (
            {"verdict": "input_ends", **ENDED, **NO_NOW, "held_then": True},
            "The named total ends here on 2025-01-18 and would have to reach 2025-05-05. It held then.",
        ),
        ({"verdict": "input_ends", **ENDED, **NO_NOW, **NO_THEN}, "Then: no figure. Now: no figure. Allowed"),
        (
            {"verdict": "reproduced", **ENDED, **NO_THEN, **HOLDS},
            "reach 2025-05-05. Whether it held then cannot be told",
        ),
    ],
)
def test_what_then_and_now_say_together_is_told(changes: dict[str, Any], said: str) -> None:
    assert said in of(CLAIM, **changes)


def test_what_held_then_and_holds_now_needs_no_more_words() -> None:
    text = of(CLAIM, verdict="reproduced", held_then=True, stands_then=None, **HOLDS)
    assert text.endswith("Allowed: 2 %.")


def test_a_side_without_a_figure_says_why() -> None:
    assert "Then: no figure, for not all it takes is known to have been published by its day. Now" in of(
        CLAIM, **NO_THEN
    )
    assert "Then: no figure, for its day is unknown. Now" in of(CLAIM, published_on=None, **NO_THEN)
    assert "Now: no figure, for what it takes was never published as far as" in of(
        CLAIM, verdict="not_derivable", **NO_NOW
    )


def test_a_printed_ratio_follows_from_its_inputs_or_is_a_slip() -> None:
    holds = {**HOLDS, "held_then": True, "stands_then": None, "verdict": "reproduced"}
    assert of(RATIO, **holds) == "The printed inputs give 96.87, printed is 96."
    assert (
        of(RATIO) == "The printed inputs give 96.87, printed is 96: a slip, for more than rounding lies between them."
    )
    assert of(RATIO, **holds, note="headline") == "The printed inputs give 96.87, printed is 96. Note: headline."
    assert of(RATIO, **NO_THEN, **NO_NOW, verdict="not_derivable") == (
        "Its inputs are not printed with it, so it cannot be computed again."
    )


def test_without_a_figure_the_reason_stands_alone() -> None:
    nothing = {**NO_THEN, **NO_NOW, "tolerance": None}
    assert of(CLAIM, **nothing, kind="not_numeric", verdict="not_numeric", note="No length is given.") == (
        "No figure could decide it. No length is given."
    )
    assert of(CLAIM, **nothing, kind="not_covered", verdict="not_derivable", note="Nobody counts it.") == (
        "What it takes to test it was never published. Nobody counts it."
    )


def test_other_readings_of_the_statement_are_named_with_their_verdicts() -> None:
    text = of(CLAIM, other_readings="C08b (of the war): came_true")
    assert text.endswith("Other readings: C08b (of the war): came true.")


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        (None, None),
        ("named_pace", "names a day 4.04 times the median of the last six steps"),
        ("dated_pace", "names with a date 3.44 times the median of the last six steps (named total unknown)"),
        ("dated_share_fall", "dated share fell by 1.3 points (names without a date)"),
        ("undated_fall", "undated names fell by 1041 (bulk dating)"),
    ],
)
def test_a_break_is_told_by_what_is_out_of_line(codes: str | None, reason: str | None) -> None:
    assert break_reason({**VINTAGE, "break_codes": codes}) == reason


def test_several_reasons_stand_in_the_order_of_their_codes() -> None:
    row = {**VINTAGE, "break_codes": "dated_share_rise; undated_fall", "dated_share_change_points": 2.2432}
    assert break_reason(row) == "dated share rose by 2.2 points (bulk dating); undated names fell by 1041 (bulk dating)"


def test_a_list_that_shrank_has_a_pace_below_zero() -> None:
    row = {**VINTAGE, "break_codes": "named_pace", "named_pace_ratio": -0.0049}
    assert break_reason(row) == "names a day -0.00 times the median of the last six steps"


def test_a_code_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="'unheard_of'"):
        break_reason({**VINTAGE, "break_codes": "named_pace; unheard_of"})


def test_every_worded_column_is_described() -> None:
    assert {(column.table, column.name) for column in WORDED_COLUMNS} == {
        ("published_claims", "claim"),
        ("published_claims", "explanation"),
        ("vintages", "break_reason"),
    }
    assert all(column.description.endswith(".") for column in WORDED_COLUMNS)
