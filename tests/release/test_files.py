"""The files of a release say the same as its DuckDB file, describe themselves, and are held to their record."""

import csv
import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import dplib
import duckdb
import jsonschema
import pyarrow.parquet as pq
import pytest

from orchestration.release import build as build_steps
from orchestration.release.contract import CONTRACT
from orchestration.release.history import Releases
from orchestration.release.record import read_record, verify_release
from orchestration.release.tables import ReleaseError
from tests.release.conftest import NOON, builder, change, marts, snapshot, write_warehouse

PROFILE = Path(dplib.__file__).parent / "profiles" / "2.0" / "datapackage.json"
UGLY = 'Said "27, or more"\nper km² – once; €'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with a text that needs quoting, an empty one, a null, and a time. Not to be written to."""
    installation = tmp_path_factory.mktemp("installation")
    change(
        write_warehouse(installation),
        f"update marts.published_claims set claim_id = 'C01', statement = '{UGLY}', claimed_by = ''",
        "update marts.source_status set source = 'a', publisher = 'Someone', title = 'Some list', licence = 'MIT',"
        " url = 'https://example.org', last_observation = '2024-03-31', last_pulled_at = '2024-04-01 05:06:07'",
    )
    return builder(installation)().folder


def rows_of(folder: Path, table: str) -> list[tuple]:
    with duckdb.connect(str(folder / "war_losses.duckdb"), read_only=True) as connection:
        return connection.execute(f"from {table} order by all").fetchall()


def test_every_table_is_there_in_both_formats(folder: Path) -> None:
    for file_format in ("csv", "parquet"):
        assert {path.name for path in (folder / file_format).iterdir()} == {f"{t}.{file_format}" for t in CONTRACT}


def test_parquet_holds_the_same_rows_types_and_order(folder: Path) -> None:
    for table in CONTRACT:
        with duckdb.connect() as connection:
            assert connection.execute(f"from '{folder}/parquet/{table}.parquet'").fetchall() == rows_of(folder, table)
    schema = pq.read_schema(folder / "parquet" / "confirmed_deaths_history.parquet")
    assert [str(field.type) for field in schema] == ["date32[day]", "int32", "date32[day]", "date32[day]"]


def test_parquet_says_where_it_comes_from(folder: Path) -> None:
    file = pq.read_metadata(folder / "parquet" / "vintages.parquet")
    metadata = {key.decode(): value.decode() for key, value in file.metadata.items()}
    assert metadata["release"] == "2026.01.01"
    assert metadata["as_of"] == "2024-04-01"
    assert metadata["run"] == "a run"
    assert metadata["table"] == "vintages"
    assert metadata["description"] == "vintages in words."
    assert "cite" in metadata["licence"]
    assert file.row_group(0).column(0).compression == "ZSTD"


def test_csv_is_what_every_reader_takes(folder: Path) -> None:
    content = (folder / "csv" / "published_claims.csv").read_bytes()
    assert content.startswith(b"claim_id,claim,claimed_by,published_on")
    assert content.endswith(b"\r\n")
    assert content.count(b"\r\n") == 2
    with (folder / "csv" / "published_claims.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["claim_id"], row["claim"], row["unit"]) == ("C01", UGLY, "")
    # Empty is not missing, to readers who tell them apart.
    with duckdb.connect() as connection:
        read = f"read_csv('{folder}/csv/published_claims.csv', all_varchar = true, allow_quoted_nulls = false)"
        assert connection.execute(f"select claimed_by, unit from {read}").fetchall() == [("", None)]


def test_dates_and_times_are_iso(folder: Path) -> None:
    with (folder / "csv" / "source_status.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["last_observation"], row["last_pulled_at"]) == ("2024-03-31", "2024-04-01T05:06:07Z")


def test_the_same_figures_give_the_same_bytes(build: Callable, releases: Releases) -> None:
    first = build().folder
    second = build(NOON + timedelta(days=1), run_id="another run").folder
    for table in CONTRACT.keys() - {"release"}:
        assert (first / f"csv/{table}.csv").read_bytes() == (second / f"csv/{table}.csv").read_bytes()
        assert pq.read_table(first / f"parquet/{table}.parquet") == pq.read_table(second / f"parquet/{table}.parquet")


def test_the_data_package_is_valid_and_its_hashes_are_right(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    jsonschema.validate(package, json.loads(PROFILE.read_text(encoding="utf-8")))

    assert package["version"] == "2026.01.01"
    assert package["sources"] == [{"title": "Someone: Some list", "path": "https://example.org"}]
    named = {resource["path"]: resource for resource in package["resources"]}
    assert len(named) == 1 + 2 * len(CONTRACT)
    for path, resource in named.items():
        content = (folder / path).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    history = named["csv/confirmed_deaths_history.csv"]["schema"]
    assert history["primaryKey"] == ["death_date", "known_from"]
    assert [field["type"] for field in history["fields"]] == ["date", "integer", "date", "date"]
    # Its only row has no key: what is not so is not promised.
    assert "primaryKey" not in named["csv/deaths_by_month.csv"]["schema"]
    checks = named["csv/quality_checks.csv"]["schema"]
    assert checks["primaryKey"] == ["asset", "check_name"]
    assert [f["name"] for f in checks["fields"] if f.get("constraints", {}).get("required")] == [
        "asset",
        "check_name",
        "passed",
    ]


def test_the_dictionary_describes_every_column_once_in_order(folder: Path) -> None:
    text = (folder / "DATA_DICTIONARY.md").read_text(encoding="utf-8")
    headings = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert headings == sorted(CONTRACT)
    for table in marts():
        section = text.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        assert table.description in section
        rows = [line for line in section.splitlines() if line.startswith("| `")]
        assert [row.split("`")[1] for row in rows] == [column.name for column in table.columns]
        assert sum("*key*" in row for row in rows) == len(table.primary_key)


def test_the_record_names_files_and_sources(folder: Path) -> None:
    record = read_record(folder)
    assert record["version"] == "2026.01.01"
    assert record["published_at"] == "2026-01-01T12:00:00Z"
    assert record["as_of"] == "2024-04-01"
    files = {name for name in snapshot(folder) if name != "release.json"}
    assert {entry["path"] for entry in record["files"]} == files
    (source,) = record["sources"]
    assert (source["source"], source["last_pulled_at"]) == ("a", "2024-04-01T05:06:07Z")
    (shipped,) = record["shipped_figures"]
    assert shipped == {"path": "confirmed_deaths.csv", "bytes": 4, "sha256": hashlib.sha256(b"a\n1\n").hexdigest()}
    assert verify_release(folder) == record["tables"]


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda folder: (folder / "csv/vintages.csv").unlink(), "csv/vintages.csv is missing"),
        (lambda folder: (folder / "csv/vintages.csv").write_text("as_of"), "csv/vintages.csv is not what was recorded"),
        (lambda folder: (folder / "notes.txt").write_text("mine"), "notes.txt does not belong"),
        (lambda folder: (folder / "release.json").unlink(), "is not there"),
        (lambda folder: (folder / "release.json").write_text("{"), "cannot be read"),
    ],
)
def test_a_folder_that_is_not_what_was_recorded_is_refused(
    folder: Path, tmp_path: Path, damage: Callable, word: str
) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    damage(copy)
    with pytest.raises(ReleaseError, match=word):
        verify_release(copy)


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_files_that_lack_rows_are_not_published(
    build: Callable, releases: Releases, monkeypatch: pytest.MonkeyPatch, file_format: str
) -> None:
    write = build_steps.write_table_files

    def write_too_little(database: Path, folder: Path, *others: object) -> None:
        write(database, folder, *others)
        path = folder / file_format / f"vintages.{file_format}"
        if file_format == "csv":
            path.write_bytes(b"\r\n".join(path.read_bytes().split(b"\r\n")[:2]) + b"\r\n")
        else:
            pq.write_table(pq.read_table(path).slice(0, 1), path)

    monkeypatch.setattr(build_steps, "write_table_files", write_too_little)
    with pytest.raises(ReleaseError, match=f"vintages has 1 rows in {file_format}, 2 in war_losses.duckdb"):
        build()
    assert not releases.published.exists()
