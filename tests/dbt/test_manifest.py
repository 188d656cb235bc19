"""The manifest knows every check, however often the project was changed since it was first parsed."""

import shutil
from pathlib import Path

import pytest

from orchestration.dbt import manifest
from orchestration.settings import DBT_PROJECT_DIR, Settings


def checks_of_sql_tests(settings: Settings) -> dict[str, tuple]:
    """What YAML says of tests that are SQL files: severity, asset and meaning."""
    nodes = manifest.read_manifest(settings)["nodes"].values()
    return {
        node["name"]: (node["config"]["severity"].lower(), node["meta"].get("dagster"), node["description"])
        for node in nodes
        if node["resource_type"] == "test" and "test_metadata" not in node
    }


@pytest.mark.slow  # parses the project twice in full
def test_a_change_of_a_model_loses_no_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "dbt_project"
    shutil.copytree(DBT_PROJECT_DIR, project, ignore=shutil.ignore_patterns("target", "logs"))
    monkeypatch.setattr(manifest, "DBT_PROJECT_DIR", project)
    settings = Settings(tmp_path / "data", "", "", None)
    settings.manifest_path.parent.mkdir(parents=True)
    before = checks_of_sql_tests(settings)
    assert before["reconcile_claimed_casualties"][0] == "warn"
    assert all(asset and meaning for _, asset, meaning in before.values())

    for model, word in (("vintages.yml", "vintage"), ("claimed_casualties_published.sql", "quoted")):
        file = project / "models" / "marts" / "casualties" / model
        file.write_text(file.read_text(encoding="utf-8").replace(word, f"{word} ", 1), encoding="utf-8")
    assert not manifest.is_current(settings)

    assert checks_of_sql_tests(settings) == before
