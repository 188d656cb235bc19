"""From the archive to observation tables: judging files, falling back, provenance."""

import json
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from orchestration.sources import SOURCES, TABLES, tables
from orchestration.sources.claimed_losses import parse
from orchestration.sources.intake import assembly
from orchestration.sources.intake.archive import Archive, blob_sha
from orchestration.sources.intake.provenance import files_ref, source_provenance

SOURCE = "claimed_losses"
EQUIPMENT, PERSONNEL = "data/russia_losses_equipment.json", "data/russia_losses_personnel.json"


@pytest.fixture
def archive(tmp_path):
    start = datetime(2025, 1, 1, tzinfo=UTC)
    ticks = iter(range(10_000))
    return Archive(tmp_path / "raw", now=lambda: start + timedelta(minutes=next(ticks)))


def offer(archive, files):
    """Pull files given as {path: bytes}, as if upstream listed exactly these."""
    for path, content in files.items():
        archive.store(SOURCE, path, content, blob_sha(content))
    archive.mark_listed(SOURCE, {path: blob_sha(content) for path, content in files.items()})


def tanks(*counts):
    return json.dumps([{"date": f"2024-01-{day:02d}", "tank": n} for day, n in enumerate(counts, start=1)]).encode()


PEOPLE = json.dumps([{"date": "2024-01-01", "personnel": 7}]).encode()


def observed(archive, shipped=None):
    result = assembly.assemble(SOURCES[SOURCE], archive, shipped or {})
    table = result.tables["claimed_losses"]
    return [(r.category, r.claimed_losses_cum) for r in table.itertuples()], [file.path for file in result.held_back]


def test_a_bad_file_is_set_aside_with_the_reason_and_the_rest_is_used(archive):
    offer(archive, {EQUIPMENT: b"<html>", PERSONNEL: PEOPLE})
    assert observed(archive) == ([("personnel", 7)], [EQUIPMENT])
    (rejected,) = assembly.assemble(SOURCES[SOURCE], archive, {}).held_back
    assert "web page" in rejected.reason


def test_the_last_good_version_stays_in_force_until_upstream_mends(archive):
    offer(archive, {EQUIPMENT: tanks(1)})
    observed(archive)
    offer(archive, {EQUIPMENT: b"[]"})
    assert observed(archive) == ([("tank", 1)], [EQUIPMENT])
    offer(archive, {EQUIPMENT: tanks(1, 2)})
    assert observed(archive) == ([("tank", 1), ("tank", 2)], [])


def test_a_bad_file_that_upstream_withdrew_is_no_longer_told(archive):
    offer(archive, {EQUIPMENT: b"[]", PERSONNEL: PEOPLE})
    observed(archive)
    offer(archive, {PERSONNEL: PEOPLE})
    assert observed(archive) == ([("personnel", 7)], [])


def test_an_adapted_parser_takes_what_it_refused_before(archive, monkeypatch):
    offer(archive, {PERSONNEL: PEOPLE.replace(b'"personnel"', b'"personnel": 7, "missing"')})
    assert observed(archive) == ([], [PERSONNEL])
    monkeypatch.setattr(parse, "PERSONNEL", ("personnel", "POW", "missing"))
    assert observed(archive) == ([("missing", 7), ("personnel", 7)], [])


def test_what_a_person_set_aside_is_not_used(archive):
    offer(archive, {EQUIPMENT: tanks(1)})
    archive.set_state(archive.files(SOURCE, ["new"]), "quarantined", who="A. Person", reason="a slip upstream")
    assert observed(archive) == ([], [EQUIPMENT])
    assert observed(archive) == ([], [EQUIPMENT])


def test_without_files_the_shipped_figures_come_out(archive):
    shipped = tables.conform(
        TABLES[SOURCE],
        pd.DataFrame(
            {
                "report_date": pd.to_datetime(["2024-01-01"]),
                "category": ["tank"],
                "claimed_losses_cum": [4],
                "correction": [1],
            }
        ),
    )
    assert assembly.assemble(SOURCES[SOURCE], archive, {SOURCE: shipped}).tables[SOURCE].equals(shipped)


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_fills_its_tables_even_with_nothing(source, archive):
    filled = assembly.assemble(SOURCES[source], archive, {}).tables
    assert tuple(filled) == SOURCES[source].table_names
    assert all(list(table.columns) == TABLES[name].columns for name, table in filled.items())


def test_provenance_says_where_the_figures_come_from(archive):
    filled = {name: tables.empty(shape) for name, shape in TABLES.items()}
    refs = dict.fromkeys(SOURCES, "shipped")
    before = source_provenance(filled, archive, refs).set_index("source").loc[SOURCE]
    assert (before["origin"], before["upstream_ref"], before["row_count"]) == ("embedded", "shipped", 0)
    assert pd.isna(before["last_pulled_at"])
    assert pd.isna(before["last_observation"])

    offer(archive, {EQUIPMENT: tanks(1, 2)})
    archive.record_pull(SOURCE, "b" * 40)
    filled |= assembly.assemble(SOURCES[SOURCE], archive, {}).tables
    frame = source_provenance(filled, archive, refs)
    after = frame.set_index("source").loc[SOURCE]
    assert (after["origin"], after["upstream_ref"], after["row_count"]) == ("pulled", "b" * 40, 2)
    assert str(after["last_observation"].date()) == "2024-01-02"
    assert after["last_pulled_at"].tzinfo is None
    assert after["last_pulled_at"] > pd.Timestamp("2025-01-01")
    assert pd.isna(frame.set_index("source").loc["occupied_area_2022_23", "cadence_days"])
    assert len(frame) == len(SOURCES)
    assert files_ref(SOURCE, archive) == f"{EQUIPMENT}@{blob_sha(tanks(1, 2))}"
