"""Whose figures stand behind a table."""

import pytest

from orchestration.dbt.lineage import Lineage
from orchestration.dbt.manifest import read_manifest
from orchestration.settings import load_settings

MODEL = "model.war_losses."


@pytest.fixture(scope="module")
def lineage() -> Lineage:
    return Lineage(read_manifest(load_settings()))


def names(lineage: Lineage, model: str) -> list[str]:
    return [source.name for source in lineage.sources_of(MODEL + model)]


def test_a_mart_names_the_sources_it_may_be_made_of(lineage: Lineage) -> None:
    assert names(lineage, "equipment_losses_by_week") == ["claimed_losses", "claimed_losses_second"]
    assert names(lineage, "probate_estimate_by_week") == ["probate_estimates"]


def test_a_ratio_names_both_sides(lineage: Lineage) -> None:
    behind = names(lineage, "losses_per_km2")
    assert {"confirmed_deaths", "claimed_losses", "occupied_area", "probate_estimates"} <= set(behind)
    assert "seeds/territory_published_curated.csv" in lineage.seeds_of(MODEL + "losses_per_km2")


def test_words_carry_link_and_licence(lineage: Lineage) -> None:
    words = lineage.in_words(MODEL + "recruitment_vs_losses")
    assert "](https://github.com/" in words
    assert "Licence: " in words
    assert "`seeds/recruitment.csv`: curated figures" in words
