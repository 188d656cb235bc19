"""The shipped figures: strict, deterministic, and whole in the checkout."""

import json

import pandas as pd
import pytest

from orchestration.settings import SHIPPED_DIR
from orchestration.sources import SOURCES, TABLES
from orchestration.sources import tables as observation_tables
from orchestration.sources.confirmed_deaths.vintages import rebuild
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.intake.shipped import read_refs, read_shipped, write_shipped

REFS = dict.fromkeys(SOURCES, f"a/file@{'0' * 40}")


@pytest.fixture
def tables():
    made = {name: observation_tables.empty(TABLES[name]) for name in TABLES}
    made["occupied_area"] = observation_tables.conform(
        TABLES["occupied_area"],
        pd.DataFrame(
            {
                "area_date": pd.to_datetime(["2024-07-08", "2024-07-09"]),
                "occupied_km2": [0.1 + 0.2, 12345.678901],
                "previous_date": pd.to_datetime([None, "2024-07-08"]),
                "gained_km2": [None, 1e-06],
                "lost_km2": [None, 0.0],
            }
        ),
    )
    made["occupied_area_2022_23"] = observation_tables.conform(
        TABLES["occupied_area_2022_23"],
        pd.DataFrame({"observed_at": pd.to_datetime(["2022-04-03 00:00:00"]), "occupied_km2": [1.0]}),
    )
    return made


def test_what_is_written_is_read_back_to_the_last_digit(tables, tmp_path):
    write_shipped(tables, REFS, tmp_path)
    back = read_shipped(tmp_path)
    assert back.keys() == tables.keys()
    assert all(back[name].equals(tables[name]) for name in tables)
    assert (tmp_path / "occupied_area.csv").read_text().splitlines() == [
        "area_date,occupied_km2,previous_date,gained_km2,lost_km2",
        "2024-07-08,0.30000000000000004,,,",
        "2024-07-09,12345.678901,2024-07-08,1e-06,0.0",
    ]
    assert "2022-04-03 00:00:00,1.0\n" in (tmp_path / "occupied_area_2022_23.csv").read_text()


def test_the_same_tables_give_the_same_bytes_without_carriage_returns(tables, tmp_path):
    for folder in ("a", "b"):
        write_shipped(tables, REFS, tmp_path / folder)
    written = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    assert written == {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()}
    assert not any(b"\r" in content for content in written.values())


def test_provenance_stands_beside_the_figures(tables, tmp_path):
    write_shipped(tables, REFS, tmp_path)
    provenance = json.loads((tmp_path / "provenance.json").read_text())
    assert provenance.keys() == SOURCES.keys()
    area = provenance["occupied_area"]
    assert (area["as_of"], area["rows"]) == ("2024-07-09", {"occupied_area": 2})
    assert area["upstream"] == {
        "repository": "cyterat/deepstate-map-data",
        "branch": "main",
        "ref": REFS["occupied_area"],
    }
    assert provenance["claimed_losses"]["as_of"] is None
    assert read_refs(tmp_path) == REFS


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda text: text.replace("lost_km2", "lost"), "header"),
        (lambda text: text.replace("12345.678901", "much"), "cannot be read"),
        (lambda text: text.replace("2024-07-09,", "09.07.2024,"), "cannot be read"),
        (lambda text: text.replace("12345.678901", ""), "1 null values"),
        (lambda text: text + "2024-07-09,1.0,,,\n", "not unique"),
        (lambda text: text + "2024-07-07,1.0,,,\n", "not sorted"),
    ],
)
def test_a_file_changed_by_hand_is_refused_by_name(tables, tmp_path, edit, said):
    write_shipped(tables, REFS, tmp_path)
    path = tmp_path / "occupied_area.csv"
    path.write_text(edit(path.read_text()))
    with pytest.raises(SourceFormatError, match=r"occupied_area\.csv: .*restore them from version control") as caught:
        read_shipped(tmp_path)
    assert said in str(caught.value)


def test_a_missing_file_is_named(tables, tmp_path):
    write_shipped(tables, REFS, tmp_path)
    (tmp_path / "claimed_losses.csv").unlink()
    with pytest.raises(SourceFormatError, match=r"claimed_losses\.csv: whole file: is missing"):
        read_shipped(tmp_path)


def test_the_shipped_figures_are_whole():
    shipped = read_shipped(SHIPPED_DIR)
    # No release that is split by year of identification is shipped yet.
    assert [name for name, table in shipped.items() if not len(table)] == ["deaths_by_year_identified"]
    provenance = json.loads((SHIPPED_DIR / "provenance.json").read_text())
    for name, source in SOURCES.items():
        assert provenance[name]["rows"] == {table: len(shipped[table]) for table in source.table_names}
        newest = observation_tables.last_observation(source.tables, shipped)
        assert provenance[name]["as_of"] == newest.isoformat()
    # Raises where changes and vintages contradict each other.
    assert rebuild(shipped["confirmed_deaths"], shipped["confirmed_deaths_vintages"])
    names = {path.name for path in SHIPPED_DIR.iterdir()}
    assert names == {f"{table}.csv" for table in shipped} | {"provenance.json"}
