"""A release of the shipped figures: its files agree with one another, and versions come and go by the command."""

import json
import shutil
from pathlib import Path

import dplib
import duckdb
import jsonschema
import pytest

from orchestration.release.contract import CONTRACT
from orchestration.release.record import verify_release
from tests.conftest import Refreshed, run_war_losses

PROFILE = Path(dplib.__file__).parent / "profiles" / "2.0" / "datapackage.json"
DUCKDB_TYPES = {
    "string": "VARCHAR",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
    "number": "DOUBLE",
}


@pytest.fixture
def folder(refreshed: Refreshed) -> Path:
    return refreshed.data_dir / "published"


def test_the_release_is_whole(folder: Path) -> None:
    assert set(verify_release(folder)) >= set(CONTRACT)


def test_csv_files_hold_what_the_data_package_says_and_the_tables_hold(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    jsonschema.validate(package, json.loads(PROFILE.read_text(encoding="utf-8")))
    described = [resource for resource in package["resources"] if resource["format"] == "csv"]
    assert {resource["name"] for resource in described} == {path.stem for path in (folder / "csv").iterdir()}
    with duckdb.connect(str(folder / "war_losses.duckdb"), read_only=True) as connection:
        for resource in described:
            fields = resource["schema"]["fields"]
            types = {field["name"]: DUCKDB_TYPES[field["type"]] for field in fields}
            read = (
                f"read_csv('{folder / resource['path']}', header = true, auto_detect = false, columns = {types},"
                " delim = ',', quote = '\"', escape = '\"', timestampformat = '%Y-%m-%dT%H:%M:%SZ',"
                " allow_quoted_nulls = false)"
            )
            # Times are written to the second.
            seconds = ", ".join(
                f"date_trunc('second', {name}) as {name}" for name, type_ in types.items() if type_ == "TIMESTAMP"
            )
            table = f"select * {f'replace ({seconds})' if seconds else ''} from {resource['name']}"
            differing = f"(from {read} except all {table}) union all ({table} except all from {read})"
            assert connection.execute(differing).fetchall() == [], resource["name"]
            required = [f["name"] for f in fields if f.get("constraints", {}).get("required")]
            key = resource["schema"].get("primaryKey", [])
            # A scope that a source leaves unsaid is null, and a Data Package allows no null in a key.
            assert bool(key) == (resource["name"] != "area_by_definition")
            assert set(key) <= set(required)
            nulls = " or ".join(f"{name} is null" for name in required)
            assert connection.execute(f"select count(*) from {resource['name']} where {nulls}").fetchone() == (0,)
            keys = f"select {', '.join(key) or '*'} from {resource['name']}"
            repeated = f"select count(*) from ({keys} group by all having count(*) > 1)"
            assert connection.execute(repeated).fetchone() == (0,)


def test_every_release_names_its_sources(folder: Path, published: duckdb.DuckDBPyConnection) -> None:
    record = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    sources = {row[0] for row in published.execute("select source from source_status").fetchall()}
    assert {source["source"] for source in record["sources"]} == sources
    assert all(source["upstream_ref"] and source["licence"] and source["url"] for source in record["sources"])
    assert {entry["path"] for entry in record["shipped_figures"]} >= {"confirmed_deaths.csv", "provenance.json"}


def test_a_refresh_names_its_changes_and_the_command_its_versions(refreshed: Refreshed, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    shutil.copytree(refreshed.data_dir / "releases", data_dir / "releases")
    (data_dir / "published").symlink_to((refreshed.data_dir / "published").readlink())
    (first,) = [path.name for path in (data_dir / "releases").iterdir()]

    again = run_war_losses("refresh", WAR_LOSSES_DATA_DIR=str(data_dir))
    assert again.returncode == 0, again.stderr
    second = (data_dir / "published").resolve().name
    assert second > first

    # The same figures again: time alone changes nothing, in any table.
    changes = json.loads((data_dir / "published" / "changes.json").read_text(encoding="utf-8"))
    assert (changes["previous_version"], changes["version"]) == (first, second)
    assert (changes["tables"], changes["checks"]) == ([], [])

    listed = run_war_losses("releases", WAR_LOSSES_DATA_DIR=str(data_dir)).stdout
    rows = [[cell.strip() for cell in line.split("│")[1:3]] for line in listed.splitlines() if "│" in line]
    assert rows == [[second, "published"], [first, ""]]
    status = run_war_losses("status", WAR_LOSSES_DATA_DIR=str(data_dir))
    assert f"Release {second}: " in status.stdout
    assert " MB" in status.stdout

    unknown = run_war_losses("rollback", "2020.01.01", WAR_LOSSES_DATA_DIR=str(data_dir))
    assert unknown.returncode == 1
    assert first in unknown.stderr
    back = run_war_losses("rollback", first, WAR_LOSSES_DATA_DIR=str(data_dir))
    assert back.returncode == 0, back.stderr
    assert (data_dir / "published").resolve().name == first
    verify_release(data_dir / "published")
