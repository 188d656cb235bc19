"""Claims carry the dates of what their figures really rest on, and then nothing later than their own day."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from tests.conftest import Refreshed

# Where the dates stand that an input can carry.
DATES_OF_INPUTS = {
    "confirmed_deaths daily_vintage": "select as_of from intermediate.int_vintages",
    "confirmed_deaths weekly_export": "select as_of from marts.deaths_by_branch",
    "named_total": "select as_of from intermediate.int_named_totals",
    "deaths_by_region": "select as_of from marts.deaths_by_region",
    "militias_estimate": "select coalesce(try_cast(published_on as date), as_of_date) from seeds.estimates",
    "probate_estimate": (
        "select as_of from marts.probate_estimate_by_week"
        " union all select try_cast(published_on as date) from seeds.estimates where method like 'probate%'"
        " union all select try_cast(published_on as date) from seeds.deaths_published_curated"
        " where date_basis like '%probate'"
    ),
    "occupied_area": "select area_date from marts.occupied_area_by_day",
    "area_statement": "select published_on from seeds.territory_published_curated",
    "recruitment_statement": "select published_on from seeds.recruitment",
    "claimed_casualties": "select report_date from marts.claimed_casualties_by_day",
    "bonus_statement": "select published_on from seeds.signup_bonus_curated",
    "printed_with_it": "select published_on from intermediate.int_claims",
}
CLAIMS = """
select claim_id, published_on, as_of_then, computed_then_rests_on, as_of_now, computed_now_rests_on
from marts.published_claims
"""


@pytest.fixture
def warehouse(refreshed: Refreshed) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(refreshed.data_dir / "warehouse" / "war_losses.duckdb"), read_only=True) as connection:
        yield connection


def inputs_of(rests_on: str) -> list[tuple[str, date | None]]:
    pairs = (one.rsplit(" ", 1) for one in rests_on.split("; "))
    return [(code, None if day == "undated" else date.fromisoformat(day)) for code, day in pairs]


def test_figures_carry_the_dates_of_their_inputs(warehouse: duckdb.DuckDBPyConnection) -> None:
    seen = set()
    for claim_id, published_on, *sides in warehouse.execute(CLAIMS).fetchall():
        for side, as_of, rests_on in (("then", *sides[:2]), ("now", *sides[2:])):
            if rests_on is None:
                assert as_of is None, (claim_id, side)
                continue
            inputs = inputs_of(rests_on)
            days = [day for _, day in inputs]
            assert as_of == (None if None in days else max(days)), (claim_id, side)
            for code, day in inputs:
                seen.add(code)
                assert side == "now" or day is None or day <= published_on, (claim_id, code)
                dates = {found for (found,) in warehouse.execute(DATES_OF_INPUTS[code]).fetchall()}
                assert day is None or day in dates, (claim_id, side, code, day)
    assert seen >= {
        "confirmed_deaths daily_vintage",
        "confirmed_deaths weekly_export",
        "named_total",
        "probate_estimate",
    }


def test_an_undated_input_is_never_one_of_then(warehouse: duckdb.DuckDBPyConnection) -> None:
    undated = warehouse.execute(
        "select claim_id from marts.published_claims"
        " where computed_then_rests_on like '%undated%' and kind <> 'printed_ratio'"
    ).fetchall()
    assert undated == []


def test_the_newest_reading_that_can_answer_answers(warehouse: duckdb.DuckDBPyConnection) -> None:
    """A year is asked of the newest reading whatever its grid, a day of the newest by day."""
    newest = dict(
        warehouse.execute("select reading, max(as_of) from intermediate.int_list_readings group by reading").fetchall()
    )
    as_of = dict(warehouse.execute("select claim_id, as_of_now from marts.published_claims").fetchall())
    assert as_of["C01"] == as_of["C03"] == max(newest.values())
    assert as_of["C08"] == as_of["C09"] == newest["daily_vintage"]


def test_every_statement_known_by_the_article_has_a_row_with_a_reason(warehouse: duckdb.DuckDBPyConnection) -> None:
    """A claim without a figure says why; one that is false as printed is held against what is printed with it."""
    silent = warehouse.execute(
        "select claim_id from marts.published_claims where computed_now is null"
        " and verdict not in ('input_ends') and note is null and ratio_name is null"
    ).fetchall()
    assert silent == []
    prior_year = "select verdict, round(computed_now, 2), stands_now from marts.published_claims where claim_id = 'C25'"
    assert warehouse.execute(prior_year).fetchone() == ("contradicted", 1.20, "below")
