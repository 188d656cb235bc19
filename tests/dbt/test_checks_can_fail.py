"""Checks of what was known when turn red on the damage they are for; all are green on the shipped figures."""

import json
import shutil

import duckdb
import pytest

from tests.conftest import Refreshed
from tests.running_dbt import run_dbt

A_WEEK = "where week_start = '2024-02-19'"
# One damage a check, each to another table or row: all are done at once.
DAMAGE = {
    "history_rebuilds_vintages": (
        "update marts.confirmed_deaths_history set confirmed_deaths = confirmed_deaths + 1"
        " where death_date = '2024-02-20' and known_from = (select min(known_from) from marts.confirmed_deaths_history"
        " where death_date = '2024-02-20')"
    ),
    "no_vintage_is_lost": "delete from marts.vintages where as_of = (select max(as_of) from marts.vintages)",
    "vintages_add_up": "update marts.vintages set added = added + 1 where as_of = '2025-05-13'",
    "years_identified_add_up": (
        "insert into marts.deaths_by_week_and_year_identified values ('2026-05-22', '2022-02-24', 2022, 1, 1)"
    ),
    "deaths_by_week_and_year_identified_by_release": (
        "insert into marts.deaths_by_week_and_year_identified values ('2026-05-22', '2024-03-07', 2027, 1, 1)"
    ),
    "scorecard_is_complete": "delete from marts.published_claims where claim_id = 'C05'",
    "published_claims_judged": "update marts.published_claims set verdict = null where claim_id = 'C06'",
    "published_claims_verdict_means_what_it_says": (
        "update marts.published_claims set verdict = 'superseded' where claim_id = 'C03'"
    ),
    "published_claims_rest_on_what_was_known": (
        "update marts.published_claims set as_of_then = published_on + 1 where claim_id = 'C07'"
    ),
    "deaths_by_week_expected_in_order": f"update marts.deaths_by_week set expected_low = expected_high + 1 {A_WEEK}",
    "deaths_by_month_expected_in_order": (
        "update marts.deaths_by_month set expected_deaths_6m = confirmed_deaths - 1 where period = '2024-02'"
    ),
    "deaths_by_week_expected_old_enough": (
        "update marts.deaths_by_week set (expected_deaths_6m, expected_low, expected_high, completeness, status)"
        " = (2 * confirmed_deaths + 1, 1, 1e6, 0.5, 'provisional') where age_days between 0 and 90"
    ),
    "deaths_by_week_status_known": "update marts.deaths_by_week set status = 'final' where week_start = '2023-02-20'",
    "deaths_by_year_expected_in_order": "update marts.deaths_by_year set completeness = 1.2 where period = '2023'",
    "expected_deaths_history_in_order": (
        f"update marts.expected_deaths_history set expected_high = expected_low - 1 {A_WEEK} and as_of = '2025-05-13'"
    ),
    "expected_deaths_in_order": (
        "update intermediate.int_expected_deaths set expected_deaths = reported_deaths - 1"
        f" {A_WEEK} and fit_as_of = '2025-05-13'"
    ),
    "expected_deaths_backtest_after_fit": (
        "update marts.expected_deaths_backtest set outcome_as_of = fit_as_of where fit_as_of = '2025-01-18'"
    ),
    "quarter_trend_expected_in_order": (
        "update marts.quarter_trend set expected_deaths_6m = confirmed_deaths - 1 where as_of = '2025-01-18'"
    ),
    "toll_estimates_method_coded": (
        "update intermediate.int_toll_estimates set method_code = null where method = 'probate registry'"
    ),
    "report_totals_once": "insert into report.report_totals from report.report_totals where rung = 'dated'",
    "report_totals_rungs_known": "update report.report_totals set rung = 'guessed' where rung = 'named'",
    "report_completeness_once": "insert into report.report_completeness from report.report_completeness limit 1",
    "report_branches_groups_known": (
        "update report.report_branches set branch_group = 'marines'"
        " where period = '2024-Q1' and branch_group = 'mobilised'"
    ),
    "probate_coverage_by_quarter_once": (
        "insert into marts.probate_coverage_by_quarter from marts.probate_coverage_by_quarter limit 1"
    ),
    "vintages_dated_within_named": "update marts.vintages set dated_total = named_total + 1 where as_of = '2025-05-13'",
    "claimed_losses_come_from_first_source": (
        "update intermediate.int_claimed_losses_switch set is_second_in_use = true"
    ),
    "claimed_losses_sources_stand_close": (
        "update intermediate.int_claimed_losses_carried set is_carried = false where category = 'drone'"
    ),
    "claimed_losses_by_day_once": (
        "insert into intermediate.int_claimed_losses_by_day from intermediate.int_claimed_losses_by_day"
        " where report_date = '2024-02-20'"
    ),
    "claimed_losses_differences_once": (
        "insert into marts.claimed_losses_differences from marts.claimed_losses_differences limit 1"
    ),
    "claimed_casualties_source_known": (
        "update marts.claimed_casualties_by_day set source = 'hearsay' where report_date = '2024-02-20'"
    ),
    # Curated rows: one of each kind of test that seeds have.
    "seed_claims_has_url": "update seeds.claims set url = 'a book' where claim_id = 'C01'",
    "seed_claims_period_in_order": "update seeds.claims set period_end = period_start - 1 where claim_id = 'C02'",
    "seed_claims_not_from_the_future": (
        "update seeds.claims set published_on = current_date + 1 where claim_id = 'C03'"
    ),
    "seed_estimates_not_from_the_future": (
        "update seeds.estimates set published_on = strftime(current_date + 400, '%Y-%m') where rowid = 0"
    ),
    "seed_estimates_bounds_in_order": "update seeds.estimates set (low, central, high) = (2, null, 1) where rowid = 1",
    "seed_estimates_complete": "update seeds.estimates set method = null where rowid = 2",
    "seed_estimates_measure_known": "update seeds.estimates set measure = 'dead' where rowid = 3",
    "seed_ratios_published_bounds_in_order": (
        "update seeds.ratios_published set (value, value_low, value_high) = (null, null, null) where rowid = 0"
    ),
    "seed_territory_published_bounds_in_order": (
        "update seeds.territory_published_curated set value = null where rowid = 0"
    ),
    # A month in the sums of AFP, told to count control alone.
    "published_area_sum_of_one_definition": (
        "update seeds.territory_published_curated set definition = 'control'"
        " where claimant = 'AFP analysis of ISW' and period_start = '2025-02-01' and granularity = 'month'"
    ),
    "seed_territory_published_definition_as_basis": (
        "update seeds.territory_published_curated set definition = 'control_and_claimed'"
        " where claimant = 'AFP analysis of ISW' and period_start = '2026-03-01'"
    ),
    "seed_deepstate_history_parts_apart": (
        "update seeds.deepstate_history_curated set period_end = '2024-07-01' where period_start = '2024-04-01'"
    ),
    "reconcile_deepstate_history": ("update marts.deepstate_history set difference_km2 = -60 where period = '2025-01'"),
    "deepstate_history_days_said": (
        "update marts.deepstate_history set covered_days = period_days where covered_days < period_days"
    ),
    "area_by_definition_known": "update marts.area_by_definition set definition = 'seen' where period = '2024'",
    "losses_per_km2_area_of_the_whole_period": (
        "update marts.losses_per_km2 set claimed_casualties_per_km2 = 1"
        " where area_covered_days = 89 and period = '2026-Q3'"
    ),
    "recruitment_statements_use_or_reason": (
        "update marts.recruitment_statements set unused_because = null where unused_because like 'counts no %'"
    ),
    "recruitment_derivations_reason_given": "update marts.recruitment_derivations set used_in = 'nowhere' where true",
    "territory_published_once": "insert into marts.territory_published from marts.territory_published limit 1",
    "claimed_losses_second_categories_mapped": (
        "update seeds.claimed_loss_categories set second_category = 'boats' where second_category = 'ships'"
    ),
    "seed_claimed_loss_categories_complete": (
        "update seeds.claimed_loss_categories set category = null where second_category = 'missiles'"
    ),
    "seed_recruitment_caveats_basis_known": "update seeds.recruitment_caveats set basis = 'hearsay' where rowid = 0",
    "seed_men_16_61_by_region_figure_or_reason": (
        "update seeds.men_16_61_by_region set men_16_61 = 0 where region_code = 'RU-TY'"
    ),
    "seed_regions_code_once": "update seeds.regions set region_code = 'RU-AD' where region = 'Tuva'",
    "deaths_by_region_known": "update marts.deaths_by_region set region_code = null where region = 'Adygea'",
    "deaths_by_region_sums_to_vintages": (
        "update marts.deaths_by_region set confirmed_deaths = confirmed_deaths + 1 where region = 'Komi'"
    ),
    "deaths_by_region_rate_or_reason": (
        "update marts.deaths_by_region set suppressed_because = null where region = 'Baikonur'"
    ),
    "deaths_by_region_newest_whole": (
        "update intermediate.int_region_vintages set (is_whole, missing_regions) = (false, 'Crimea') where is_newest"
    ),
}
WARNED = {
    "reconcile_deepstate_history",
    "seed_claims_not_from_the_future",
    "seed_estimates_not_from_the_future",
    "claimed_losses_come_from_first_source",
    "claimed_losses_sources_stand_close",
    "claimed_losses_second_categories_mapped",
    "deaths_by_region_known",
    "deaths_by_region_newest_whole",
}


@pytest.fixture(scope="module")
def red(refreshed: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Status of every check in DAMAGE on a damaged copy of the warehouse."""
    folder = tmp_path_factory.mktemp("damaged")
    shutil.copytree(refreshed.data_dir / "observations", folder / "observations")
    shutil.copytree(refreshed.data_dir / "warehouse", folder / "warehouse")
    with duckdb.connect(str(folder / "warehouse" / "war_losses.duckdb")) as connection:
        for check, damage in DAMAGE.items():
            (changed,) = connection.execute(damage).fetchone()
            assert changed, check
    result = run_dbt("test", "--select", *DAMAGE, scratch=folder, data_dir=folder)
    assert result.returncode == 1, result.stdout
    results = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {name: r["status"] for r in results for name in DAMAGE if f".{name}" in r["unique_id"]}


@pytest.mark.parametrize("check", DAMAGE)
def test_a_check_turns_red(red: dict[str, str], check: str) -> None:
    assert red[check] == ("warn" if check in WARNED else "fail")


def test_they_were_green_before(published: duckdb.DuckDBPyConnection) -> None:
    green = published.execute("select check_name from quality_checks where passed").fetchall()
    assert set(DAMAGE) <= {name for (name,) in green}
