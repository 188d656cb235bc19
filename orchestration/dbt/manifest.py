"""dbt's manifest: built when it is missing or older than the project, read with what Dagster needs added.

The definitions are loaded from it, so it is made in set-up and again when a file of the dbt project changes.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from orchestration.dbt import thresholds
from orchestration.settings import DBT_PROJECT_DIR, Settings

# dbt of this very virtual environment, whether or not it is on the PATH.
DBT_COMMAND = Path(sys.executable).with_name("war-losses-dbt")
# dbt writes these itself while it runs.
_GENERATED = {"target", "logs", "dbt_packages"}
# How a generic test names the source it stands at, in the arguments dbt keeps of it.
_TESTED_SOURCE = re.compile(r"source\('(?P<source>\w+)', '(?P<table>\w+)'\)")
# Parsing takes 3 s; a machine under load may need far longer, a hanging one for ever.
_PARSE_TIMEOUT_S = 300


# What dbt prints of an error of the operating system, and of one it did not foresee.
_HINDERED = re.compile(r"^\[Errno (?P<number>\d+)\]", re.MULTILINE)
_CALLS = re.compile(r"^.*Traceback \(most recent call last\)", re.MULTILINE)


class ManifestError(RuntimeError):
    """dbt cannot read its project. The message carries dbt's own words."""


def is_current(settings: Settings) -> bool:
    """Whether the manifest is there and no file of the dbt project is newer."""
    if not settings.manifest_path.exists():
        return False
    built_at = settings.manifest_path.stat().st_mtime
    return all(
        file.stat().st_mtime <= built_at
        for file in DBT_PROJECT_DIR.rglob("*")
        if file.is_file() and not _GENERATED & set(file.relative_to(DBT_PROJECT_DIR).parts)
    )


def prepare(settings: Settings) -> Path:
    """Build the manifest if need be; returns its path.

    Raises:
        ManifestError: the project does not parse.
        OSError: dbt cannot write what it read, for instance on a full disk.
    """
    if not is_current(settings):
        settings.warehouse_path.parent.mkdir(parents=True, exist_ok=True)
        result = subprocess.run(  # noqa: S603 - our own dbt, fixed arguments
            [
                # In full: parsing only what changed forgets what YAML says of tests in SQL files (their severity, and
                # which asset they belong to), and the check is gone without a word. The build finds it parsed.
                *(DBT_COMMAND, "--quiet", "--no-use-colors", "--no-partial-parse", "parse"),
                *("--project-dir", DBT_PROJECT_DIR, "--profiles-dir", DBT_PROJECT_DIR),
                *("--target-path", settings.dbt_target_dir, "--log-path", settings.dbt_target_dir / "logs"),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=_PARSE_TIMEOUT_S,
            cwd=DBT_PROJECT_DIR,
            env={**os.environ, "WAR_LOSSES_DATA_DIR": str(settings.data_dir)},
        )
        if result.returncode:
            words = _CALLS.split(result.stdout + result.stderr)[0]
            if hindered := _HINDERED.search(words):
                number = int(hindered["number"])
                raise OSError(number, os.strerror(number), str(settings.dbt_target_dir))
            raise ManifestError(f"dbt cannot read {DBT_PROJECT_DIR}:\n{words}")
        copy = settings.manifest_path.with_name(f".{settings.manifest_path.name}.part")
        shutil.copyfile(settings.dbt_target_dir / "manifest.json", copy)
        copy.replace(settings.manifest_path)
    return settings.manifest_path


def read_manifest(settings: Settings) -> dict[str, Any]:
    """The parsed manifest, with what Dagster needs of tests: their meaning, and the source they stand at.

    A test's description, with the thresholds it names in braces, becomes the meaning shown beside its check. dbt
    attaches tests to models and seeds only; a test of a source that reads a second one would belong to neither.
    """
    manifest = json.loads(prepare(settings).read_text(encoding="utf-8"))
    unique_ids = {(source["source_name"], source["name"]): key for key, source in manifest["sources"].items()}
    for node in manifest["nodes"].values():
        if node["resource_type"] != "test":
            continue
        node["description"] = thresholds.in_words(" ".join(node.get("description", "").split()))
        node["meta"] = {**node.get("meta", {}), "description": node["description"]}
        if tested := _TESTED_SOURCE.search(node.get("test_metadata", {}).get("kwargs", {}).get("model", "")):
            node["attached_node"] = unique_ids[tested["source"], tested["table"]]
    return manifest
