"""The dbt project by itself: its unit tests, and what YAML says against what is there."""

import shutil
from pathlib import Path

import pytest

from orchestration.dbt.manifest import read_manifest
from orchestration.settings import load_settings
from tests.conftest import Refreshed
from tests.running_dbt import run_dbt

# Schemas of the warehouse whose tables analysts receive.
PUBLISHED = ("marts", "report")


@pytest.fixture(scope="module")
def manifest() -> dict:
    return read_manifest(load_settings())


def test_unit_tests_of_models_pass(refreshed: Refreshed, tmp_path: Path) -> None:
    # dbt asks the warehouse for the columns of what it makes up, and holds it alone meanwhile.
    shutil.copytree(refreshed.data_dir / "warehouse", tmp_path / "warehouse")
    result = run_dbt("test", "--select", "test_type:unit", scratch=tmp_path, data_dir=tmp_path)
    assert result.returncode == 0, result.stdout
    assert "PASS=" in result.stdout


def test_marts_have_enforced_contracts_and_described_columns(manifest) -> None:
    marts = [n for n in manifest["nodes"].values() if n["resource_type"] == "model" and n["schema"] in PUBLISHED]
    assert marts
    for mart in marts:
        assert mart["config"]["contract"]["enforced"], mart["name"]
        assert mart["description"].startswith("One row a "), mart["name"]
        for column in mart["columns"].values():
            assert column["description"], (mart["name"], column["name"])
            assert column["data_type"], (mart["name"], column["name"])


def test_arithmetic_that_can_go_wrong_has_unit_tests(manifest) -> None:
    tested = {node["model"] for node in manifest["unit_tests"].values()}
    assert tested >= {
        "int_confirmed_deaths_by_vintage",
        "confirmed_deaths_history",
        "int_claimed_casualties_by_day",
        "int_loss_periods",
        "int_confirmed_deaths_by_period",
        "int_expected_deaths_by_period",
        "int_probate_estimate_by_period",
        "int_claimed_casualties_by_period",
        "int_losses_by_period",
        "int_confirmation_pace",
        "int_expected_deaths",
        "int_vintage_steps",
        "expected_deaths_backtest",
        "int_quarter_pairs",
        "quarter_trend",
        "int_list_readings",
        "int_named_totals",
        "int_named_total_steps",
        "int_recruitment_periods",
        "int_recruits_by_period",
        "recruitment_vs_losses",
        "int_vintages",
        "int_toll_contradictions",
        "int_later_readings_by_period",
        "deaths_of_year_as_known",
        "expected_deaths_later",
        "waves_by_year",
        "probate_coverage_by_quarter",
        "int_claim_sides",
        "int_claim_list_readings",
        "int_claim_span_counts",
        "int_claim_totals",
        "int_claim_probate_estimates",
        "int_claim_figures",
        "int_claim_verdicts",
        "published_claims",
        "losses_per_km2",
        "probate_estimate_by_week",
    }


def test_the_page_is_an_exposure_of_all_its_models(manifest) -> None:
    (page,) = manifest["exposures"].values()
    of_the_page = {
        id_ for id_, n in manifest["nodes"].items() if n["resource_type"] == "model" and n["schema"] == "report"
    }
    assert of_the_page
    assert of_the_page <= set(page["depends_on"]["nodes"])


def test_every_model_and_seed_is_described_and_tested(manifest) -> None:
    nodes = [n for n in manifest["nodes"].values() if n["resource_type"] in ("model", "seed")]
    assert [n["name"] for n in nodes if not n["description"]] == []
    tested = {n.get("attached_node") for n in manifest["nodes"].values() if n["resource_type"] == "test"}
    published = [n for n in nodes if n["schema"] in PUBLISHED or n["resource_type"] == "seed"]
    assert [n["name"] for n in published if n["unique_id"] not in tested] == []


def test_every_measure_of_a_claim_is_among_their_figures(manifest) -> None:
    """A model whose name is missing in the list of measures would be computed and never looked at."""
    models = {unique_id for unique_id in manifest["nodes"] if ".int_claim__" in unique_id}
    assert models
    assert set(manifest["parent_map"]["model.war_losses.int_claim_figures"]) == models
