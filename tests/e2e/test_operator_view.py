"""What an operator finds in the UI after a refresh without opening the code: figures, sources, checks in words."""

from collections.abc import Iterator

import dagster as dg
import pytest

from tests.conftest import Refreshed

pytestmark = pytest.mark.timeout(600)
LAYERS = {"observations", "seeds", "staging", "intermediate", "marts"}
# Tables that are right without rows, and a column each: nobody has accepted a file by hand here, and no release that is
# split by year of identification is shipped.
EMPTY = {
    "accepted_by_people": "dated",
    "deaths_by_year_identified": "year_identified",
    "stg_mediazona__deaths_by_year_identified": "year_identified",
    "deaths_by_week_and_year_identified": "year_identified",
}


@pytest.fixture
def instance(refreshed: Refreshed, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    # Where dagster.yaml, too, finds the event log.
    monkeypatch.setenv("DAGSTER_HOME", str(refreshed.data_dir / "dagster"))
    with dg.DagsterInstance.get() as instance:
        yield instance


def latest_metadata(instance: dg.DagsterInstance, *path: str) -> dict[str, object]:
    event = instance.get_latest_materialization_event(dg.AssetKey(path))
    return {name: value.value for name, value in event.asset_materialization.metadata.items()}


def test_every_table_shows_its_size_and_a_preview(instance: dg.DagsterInstance) -> None:
    from orchestration.definitions import defs

    tables = [key for key in defs.resolve_asset_graph().materializable_asset_keys if key.path[0] in LAYERS]
    assert len(tables) > 50
    for key in tables:
        metadata = latest_metadata(instance, *key.path)
        if column := EMPTY.get(key.path[-1]):
            assert metadata["dagster/row_count"] == 0
            assert column in metadata["preview"]
            continue
        assert metadata["dagster/row_count"] > 0, key
        assert metadata["preview"].count("\n") >= 2, key


def test_a_mart_shows_how_far_it_reaches(instance: dg.DagsterInstance, published) -> None:
    (as_of,) = published.execute("select max(as_of) from deaths_by_week").fetchone()
    assert latest_metadata(instance, "marts", "deaths_by_week")["as_of"] == as_of.isoformat()


def test_every_table_of_the_warehouse_says_whose_figures_it_holds() -> None:
    from orchestration.definitions import defs

    for node in defs.resolve_asset_graph().asset_nodes:
        if node.key.path[0] not in LAYERS - {"observations"}:
            continue
        figures_from = node.metadata["figures_from"].value
        assert "Licence: " in figures_from or ".csv`: curated" in figures_from, node.key


def test_every_check_shows_what_was_measured_and_what_is_allowed(instance: dg.DagsterInstance) -> None:
    from orchestration.definitions import check_specs

    keys = [spec.key for spec in check_specs if spec.key.asset_key.path[0] in LAYERS]
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    assert len(latest) == len(keys)
    for spec in check_specs:
        if spec.key not in latest:
            continue
        evaluation = latest[spec.key].event.dagster_event.asset_check_evaluation_data
        assert evaluation.metadata["measured"].value, spec.key
        assert spec.metadata["threshold"], spec.key
