"""The wording of what a release says about claims and breaks: one sentence a finding, from codes and figures."""

from datetime import date
from typing import Any

import pytest

from orchestration.release.explanations import WORDED_COLUMNS, break_reason, claim, explanation

CLAIM = {
    "statement": "Deaths dated 2024 on the named list",
    "ratio_name": None,
    "period_start": date(2024, 1, 1),
    "period_end": date(2024, 12, 31),
    "stated_low": 45287.0,
    "stated_high": None,
    "stated_in_words": None,
    "as_of_then": date(2025, 4, 26),
    "computed_then": 30666.0,
    "computed_then_high": None,
    "computed_then_from": "names with a day of death",
    "as_of_now": date(2026, 1, 30),
    "computed_now": 57274.0,
    "computed_now_high": None,
    "computed_now_from": "names with a day of death",
    "kind": "count",
    "tolerance": 0.02,
    "held_then": False,
    "holds_now": False,
    "verdict": "superseded",
    "definition": None,
    "note": None,
}
RATIO = {
    **CLAIM,
    "statement": None,
    "ratio_name": "casualties_per_km2",
    "stated_low": 96.0,
    "as_of_then": None,
    "computed_then": 96.86746987951807,
    "as_of_now": None,
    "computed_now": 96.86746987951807,
    "kind": "printed_ratio",
    "tolerance": 0.5,
    "verdict": "not_derivable",
}
NO_FIGURE = {"as_of_now": None, "computed_now": None, "holds_now": None}
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
    assert claim(RATIO) == "casualties per km², 2024-01-01 to 2024-12-31"
    of_advance = {**RATIO, "ratio_name": "killed_per_km_of_advance"}
    assert claim(of_advance) == "killed per km of advance, 2024-01-01 to 2024-12-31"


def test_an_explanation_sets_what_is_stated_beside_what_is_computed_then_and_now() -> None:
    assert explanation(CLAIM) == (
        "Stated: 45287. Then (as of 2025-04-26): 30666, from names with a day of death. "
        "Now (as of 2026-01-30): 57274, from the same. Allowed: 2 %. What is computed now lies above what was stated."
    )


def test_another_method_is_named_and_no_tolerance_is_not() -> None:
    assert of(CLAIM, computed_now_from="the registry", tolerance=0.0).endswith(
        "Now (as of 2026-01-30): 57274, from the registry. What is computed now lies above what was stated."
    )


def test_ranges_have_two_ends_and_small_figures_two_decimals() -> None:
    text = of(
        CLAIM,
        stated_low=4.96,
        stated_high=11.01,
        computed_then=3.0293,
        computed_then_high=8.5783,
        computed_now=17.0,
        computed_now_high=1234.5678,
    )
    assert text.startswith("Stated: 4.96 to 11.01. Then (as of 2025-04-26): 3.03 to 8.58, from ")
    assert "Now (as of 2026-01-30): 17 to 1235, from the same." in text
    assert of(CLAIM, stated_low=2.53, stated_high=2.53).startswith("Stated: 2.53. ")


@pytest.mark.parametrize(
    ("in_words", "stated"), [(None, "Stated: above zero."), (1.0, "Stated: 1."), (20240220.0, "Stated: 20240220.")]
)
def test_what_is_stated_in_words_only_is_told(in_words: float | None, stated: str) -> None:
    assert of(CLAIM, stated_low=None, stated_in_words=in_words).startswith(f"{stated} Then ")


def test_what_could_not_be_computed_then_is_told_by_its_reason() -> None:
    text = of(
        CLAIM,
        as_of_then=None,
        computed_then=None,
        held_then=None,
        computed_then_from="nothing: no release was known then",
        holds_now=True,
        verdict="reproduced",
    )
    assert "Stated: 45287. Then: nothing: no release was known then. Now (as of" in text
    assert text.endswith("Allowed: 2 %.")


@pytest.mark.parametrize(
    ("verdict", "held_then", "holds_now", "turn"),
    [
        ("superseded", True, False, " It was right then and is not any more."),
        ("superseded", False, False, " What is computed now lies above what was stated."),
        ("reproduced", False, True, " It did not hold then, computed like this, and does now."),
        ("not_derivable", False, True, " It did not hold then, computed like this, and does now."),
        ("reproduced", True, True, ""),
        ("definition_differs", False, False, ""),
        ("reproduced", None, True, ""),
    ],
)
def test_how_it_turned_is_told(verdict: str, held_then: bool | None, holds_now: bool, turn: str) -> None:
    text = of(CLAIM, verdict=verdict, held_then=held_then, holds_now=holds_now)
    assert text.endswith(f"Allowed: 2 %.{turn}")


def test_a_printed_ratio_follows_from_its_inputs_or_is_a_slip() -> None:
    assert of(RATIO, holds_now=True) == "The printed inputs give 96.87, printed is 96."
    assert (
        of(RATIO) == "The printed inputs give 96.87, printed is 96: a slip, for more than rounding lies between them."
    )
    # What is printed is the same then and now, so nothing turned.
    assert of(RATIO, holds_now=True, note="headline") == "The printed inputs give 96.87, printed is 96. Note: headline."


def test_without_a_figure_the_reason_stands_alone() -> None:
    assert of(RATIO, **NO_FIGURE) == "Its inputs are not printed with it, so it cannot be computed again."
    assert of(CLAIM, **NO_FIGURE, kind="not_numeric", verdict="not_numeric", definition="No length is given.") == (
        "No figure could decide it. No length is given."
    )
    assert of(CLAIM, **NO_FIGURE, kind="not_covered", verdict="not_derivable", definition="No source has regions.") == (
        "No source has regions."
    )


def test_the_difference_in_counting_follows_the_figures() -> None:
    assert of(CLAIM, definition="Counted otherwise.").endswith("what was stated. Counted otherwise.")


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
