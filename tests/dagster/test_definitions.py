"""What an operator sees: whole lineage, every asset explained, every check with its meaning."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from orchestration.dbt.manifest import read_manifest
from orchestration.settings import load_settings

GOLDEN = Path(__file__).with_name("asset_graph.txt")


@pytest.fixture(scope="module")
def manifest() -> dict:
    return read_manifest(load_settings())


@pytest.fixture(scope="module")
def graph(manifest):
    from orchestration.definitions import defs

    return defs.resolve_asset_graph()


def test_asset_graph_is_the_reviewed_one(graph) -> None:
    """A change of lineage is seen in review: accept one with UPDATE_GOLDEN=1 make test."""
    lines = [
        f"{node.group_name}: {node.key.to_user_string()} <- "
        f"{', '.join(sorted(parent.to_user_string() for parent in node.parent_keys)) or '-'}"
        for node in graph.asset_nodes
    ]
    drawn = "\n".join(sorted(lines)) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(drawn, encoding="utf-8")
    assert drawn == GOLDEN.read_text(encoding="utf-8")


def test_every_dbt_source_has_a_producer(graph, manifest) -> None:
    produced = {node.key for node in graph.asset_nodes if node.is_materializable}
    sources = {dg.AssetKey([s["source_name"], s["name"]]) for s in manifest["sources"].values()}
    assert sources
    assert sources <= produced


def test_every_mart_reaches_back_to_upstream(graph) -> None:
    curated = {"seeds"}
    for node in graph.asset_nodes:
        if node.group_name not in ("marts", "report"):
            continue
        ancestors, open_keys = set(), {node.key}
        while open_keys:
            key = open_keys.pop()
            for parent in graph.get(key).parent_keys - ancestors:
                ancestors.add(parent)
                open_keys.add(parent)
        roots = {graph.get(key).group_name for key in ancestors if not graph.get(key).parent_keys}
        assert roots, node.key
        assert roots <= {"upstream"} | curated, (node.key, roots)


def test_the_release_waits_for_every_mart_and_the_rows_of_every_chart(graph) -> None:
    from orchestration.defs.release import RELEASE_KEY

    marts = {node.key for node in graph.asset_nodes if node.group_name == "marts"}
    of_the_page = {node.key for node in graph.asset_nodes if node.group_name == "report"}
    assert marts
    assert of_the_page
    assert graph.get(RELEASE_KEY).parent_keys == marts | of_the_page


def test_a_release_is_published_whole_or_not_at_all(graph) -> None:
    from orchestration.defs.release import RELEASE_KEY

    release = {node.key for node in graph.asset_nodes if node.group_name == "release"}
    assert len(release) > 1
    assert graph.get(RELEASE_KEY).execution_set_asset_keys == release


def test_every_asset_is_explained(graph) -> None:
    for node in graph.asset_nodes:
        assert node.description, node.key
        assert node.group_name != "default", node.key
        assert node.owners, node.key
        assert node.kinds, node.key


def test_every_dbt_test_is_an_asset_check_with_a_meaning(manifest) -> None:
    from orchestration.definitions import check_specs

    names = {spec.name for spec in check_specs}
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    assert tests
    assert sorted(test["name"] for test in tests if test["name"] not in names) == []
    assert [test["name"] for test in tests if len(test["description"].split()) < 5] == []


def test_every_check_says_what_a_failure_means() -> None:
    from orchestration.definitions import check_specs

    assert [spec.key for spec in check_specs if len((spec.description or "").split()) < 5] == []


def test_error_checks_block_and_warnings_do_not() -> None:
    from orchestration.definitions import check_specs
    from orchestration.sources.intake.table_checks import observation_checks

    severities = {check.name: check.severity for check in observation_checks()}
    blocking = {spec.name: spec.blocking for spec in check_specs if spec.name in severities}
    assert blocking == {name: severity == "error" for name, severity in severities.items()}


def test_jobs_and_schedule() -> None:
    from orchestration.definitions import defs

    rebuild = defs.resolve_job_def("rebuild")
    nightly = defs.resolve_job_def("nightly_refresh")
    rebuilt = {key.path[0] for key in rebuild.asset_layer.executable_asset_keys}
    pulled = {key.path[0] for key in nightly.asset_layer.executable_asset_keys}
    assert rebuilt == {"observations", "seeds", "staging", "intermediate", "marts", "report", "release"}
    assert pulled == rebuilt | {"raw"}

    schedule = defs.resolve_schedule_def("nightly")
    assert schedule.job_name == "nightly_refresh"
    assert schedule.execution_timezone == "UTC"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_runs_are_one_at_a_time() -> None:
    """Every step belongs to the pool that dagster.yaml limits to one run."""
    import yaml

    from orchestration.definitions import defs
    from orchestration.refresh import INSTANCE_CONFIG

    limit = yaml.safe_load(INSTANCE_CONFIG.read_text(encoding="utf-8"))["concurrency"]["pools"]
    assert limit == {"default_limit": 1, "granularity": "run"}
    steps = defs.resolve_job_def("nightly_refresh").all_node_defs
    assert {step.pool for step in steps} == {"refresh"}


def test_whoever_only_lists_the_assets_does_not_load_what_computes_and_draws() -> None:
    heavy = {"pandas", "shapely", "pyproj", "altair", "vl_convert", "apprise"}
    code = f"import sys, orchestration.definitions; print(*sorted({heavy} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert loaded.stdout.split() == []
