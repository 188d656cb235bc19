"""What a release says holds in other worlds than the shipped one: sources that end earlier, other counts, later totals.

All worlds are tried by hand with `python -m tests.worlds.statements`; here the ones that differ most.
"""

from collections.abc import Callable
from datetime import date

import duckdb
import pytest

from tests.conftest import Refreshed
from tests.worlds.statements import page_lines
from tests.worlds.worlds import WORLDS, Built, build

pytestmark = pytest.mark.timeout(600)

Ask = Callable[[str, str], list[tuple]]
ENDS_ON = {"ends_2024": date(2024, 12, 31), "ends_2026_01": date(2026, 1, 30)}
TRIED = [*ENDS_ON, "other_figures"]

# Dates of the inputs that a world ends; those of statements in print are not among them.
OWN_DATES = {
    "as_of": ("deaths_by_day", "deaths_by_week", "deaths_by_year", "vintages"),
    "claims_as_of": ("deaths_by_week", "deaths_by_year", "losses_per_km2", "recruitment_vs_losses"),
    "probate_as_of": ("deaths_by_week", "deaths_by_year", "losses_per_km2", "recruitment_vs_losses"),
    "later_as_of": ("deaths_by_week", "deaths_by_year"),
}


@pytest.fixture(scope="module")
def built(refreshed: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Built]:
    """The release of a world by its name, built once."""
    done: dict[str, Built] = {}

    def of(name: str) -> Built:
        if name not in done:
            folder = tmp_path_factory.mktemp(name)
            prepared = refreshed.data_dir / "dbt" / "target"
            done[name] = build(WORLDS[name], refreshed.data_dir / "observations", folder, prepared)
        return done[name]

    return of


@pytest.fixture(scope="module")
def ask(built: Callable[[str], Built]) -> Ask:
    def answer(name: str, sql: str) -> list[tuple]:
        with duckdb.connect(str(built(name).database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    return answer


def as_shipped(refreshed: Refreshed, sql: str) -> list[tuple]:
    with duckdb.connect(str(refreshed.published_path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("name", ENDS_ON)
def test_no_figure_is_dated_after_its_source_ends(name: str, ask: Ask) -> None:
    for column, tables in OWN_DATES.items():
        for table in tables:
            ((newest,),) = ask(name, f"select max({column}) from {table}")
            assert newest is None or newest <= ENDS_ON[name], f"{table}.{column}"


def test_what_was_known_then_does_not_change_with_what_comes_later(refreshed: Refreshed, ask: Ask) -> None:
    then = (
        "select claim_id, as_of_then, computed_then, computed_then_high, computed_then_day, held_then"
        " from published_claims where published_on <= '2026-01-30' order by claim_id"
    )
    assert ask("ends_2026_01", then) == as_shipped(refreshed, then)
    # A new vintage or release changes what its own day knows, and no day before it.
    assert ask("other_figures", then) == as_shipped(refreshed, then)
    weeks = "select week_start, as_of, confirmed_deaths from deaths_by_week_as_of('2025-05-05') order by week_start"
    assert ask("other_figures", weeks) == ask("ends_2026_01", weeks) == as_shipped(refreshed, weeks)


@pytest.mark.parametrize("name", TRIED)
def test_verdicts_say_what_held_and_what_holds(name: str, ask: Ask) -> None:
    wrong = ask(
        name,
        """
        select claim_id, verdict, held_then, holds_now from published_claims
        where case verdict
            when 'reproduced' then holds_now is not true or held_then is false
            when 'superseded' then held_then is not true or holds_now is not false
            when 'came_true' then held_then is not false or holds_now is not true
            when 'contradicted' then held_then is not false or holds_now is not false
            when 'input_ends' then ending_input is null or input_ends_on >= input_needed_through
            when 'not_numeric' then computed_now is not null
            when 'not_derivable' then holds_now
            else definition is null or holds_now
        end
        """,
    )
    assert not wrong


@pytest.mark.parametrize("name", TRIED)
def test_the_title_of_the_claims_counts_every_row_once(name: str, built: Callable[[str], Built], ask: Ask) -> None:
    ((rows, statements),) = ask(name, "select count(*), count(distinct statement_id) from published_claims")
    (title,) = [line for line in page_lines(built(name).page) if f" of {statements} published statements" in line]
    counted = [
        int(word) if word.isdigit() else 1 for word in title.replace(",", "").split() if word.isdigit() or word == "one"
    ]
    assert counted[0] == rows
    assert sum(counted[2:]) == rows


def test_a_list_that_ends_in_2024_says_nothing_of_2025(built: Callable[[str], Built], ask: Ask) -> None:
    assert ask("ends_2024", "select count(*) from deaths_by_year where period = '2025'") == [(0,)]
    claims_on_the_list = ask(
        "ends_2024", "select distinct verdict from published_claims where claim_id in ('C04', 'C08', 'C13')"
    )
    assert claims_on_the_list == [("input_ends",)]
    drawn = [line for line in page_lines(built("ends_2024").page) if "2025" in line and "deaths" in line]
    assert not [line for line in drawn if "list of" in line and "2025" in line.split("list of")[1][:20]]


def test_a_year_counted_twice_turns_what_rests_on_it(refreshed: Refreshed, ask: Ask) -> None:
    deaths = "select confirmed_deaths from deaths_by_year where period = '2022'"
    assert ask("other_figures", deaths)[0][0] == 2 * as_shipped(refreshed, deaths)[0][0]
    # The newest reading of the year is the weekly export still, whose date is the later one.
    newest = "select as_of, reading from deaths_of_year_as_known where is_newest and death_year = 2022"
    assert ask("other_figures", newest) == as_shipped(refreshed, newest)


def test_a_lower_estimate_rules_the_band_out_from_below(refreshed: Refreshed, ask: Ask) -> None:
    band = "select count(*) from toll_estimates where is_contradicted and contradicted_by < low"
    assert ask("other_figures", band)[0][0] > as_shipped(refreshed, band)[0][0]
