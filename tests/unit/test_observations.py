"""The shape of the observation tables, and how they are written and read."""

import pandas as pd
import pyarrow.parquet as pq
import pytest

from orchestration.sources import observations
from orchestration.sources.catalog import SOURCES


def claims(*rows):
    columns = ["report_date", "category", "claimed_losses_cum", "correction"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(report_date=pd.to_datetime(frame["report_date"]))


ROWS = [("2024-01-02", "tank", 2, 0), ("2024-01-01", "tank", 1, -1), ("2024-01-02", "apc", 5, 0)]


def test_a_table_comes_back_sorted_by_its_key_and_typed(tmp_path):
    observations.write_tables(tmp_path, {"claimed_losses": claims(*ROWS)})
    back = observations.read_table(tmp_path, "claimed_losses")
    assert back["claimed_losses_cum"].tolist() == [1, 5, 2]
    assert back.equals(observations.conform("claimed_losses", claims(*ROWS)))
    types = {field.name: str(field.type) for field in pq.read_schema(tmp_path / "claimed_losses.parquet")}
    assert types == {
        "report_date": "date32[day]",
        "category": "string",
        "claimed_losses_cum": "int32",
        "correction": "int32",
    }


def test_the_same_rows_give_the_same_bytes(tmp_path):
    written = []
    for rows in (ROWS, ROWS[::-1]):
        observations.write_tables(tmp_path, {"claimed_losses": claims(*rows)})
        written.append((tmp_path / "claimed_losses.parquet").read_bytes())
    assert written[0] == written[1]
    assert [path.name for path in tmp_path.iterdir()] == ["claimed_losses.parquet"]


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (claims(*ROWS, ROWS[0]), "the key .* is not unique"),
        (claims(("2024-01-01", None, 1, 0)), "claimed_losses: .*category.* null"),
        (claims(("2024-01-01", "tank", 1.5, 0)), "claimed_losses_cum"),
        (claims(("2024-01-01", "tank", 3_000_000_000, 0)), "out of bounds|not in range"),
        (claims(("2024-01-01 12:00", "tank", 1, 0)), "report_date holds times of day"),
        (claims(*ROWS).assign(extra=1), "has columns"),
        (claims(*ROWS).drop(columns="correction"), "has columns"),
    ],
)
def test_rows_that_do_not_fit_are_refused(frame, said):
    with pytest.raises(ValueError, match=said):
        observations.to_arrow("claimed_losses", frame)


def test_a_failed_write_leaves_every_table_as_it_was(tmp_path):
    good = {"claimed_losses": claims(*ROWS)}
    observations.write_tables(tmp_path, good)
    before = (tmp_path / "claimed_losses.parquet").read_bytes()
    broken = pd.DataFrame({"observed_at": [None], "occupied_km2": [1.0]})
    with pytest.raises(ValueError, match=r"occupied_area_2022_23: .*observed_at.* null"):
        observations.write_tables(tmp_path, {"claimed_losses": claims(ROWS[0]), "occupied_area_2022_23": broken})
    assert (tmp_path / "claimed_losses.parquet").read_bytes() == before


def test_on_the_same_key_the_newer_row_holds():
    newer = claims(("2024-01-02", "tank", 9, 1), ("2024-01-03", "tank", 10, 0))
    table = observations.overlay("claimed_losses", observations.conform("claimed_losses", claims(*ROWS)), newer)
    assert table["claimed_losses_cum"].tolist() == [1, 5, 9, 10]
    assert observations.overlay("claimed_losses", observations.empty("claimed_losses"), newer)["correction"].sum() == 1


def test_the_newest_observation_is_a_day():
    tables = {name: observations.empty(name) for name in observations.TABLES}
    assert observations.last_observation(tables, ["claimed_losses"]) is None
    tables["occupied_area_2022_23"] = pd.DataFrame(
        {"observed_at": pd.to_datetime(["2023-03-16 01:00:33"]), "occupied_km2": [1.0]}
    )
    newest = observations.last_observation(tables, ["occupied_area_2022_23", "claimed_losses"])
    assert newest == pd.Timestamp("2023-03-16")


def test_every_table_of_the_catalog_is_described_once():
    filled = [table for source in SOURCES.values() for table in source.tables]
    assert sorted([*filled, "accepted_by_people", "source_provenance"]) == sorted(observations.TABLES)


@pytest.mark.parametrize(
    ("source", "path", "matches"),
    [
        ("confirmed_deaths", "docs/2024-01-31_cumsum.csv", True),
        ("confirmed_deaths", "docs/last_data.csv", False),
        ("confirmed_deaths", "docs/last_2024-01-31_cumsum.csv", False),
        ("confirmed_deaths", "old/docs/2024-01-31_cumsum.csv", False),
        ("confirmed_deaths", "docs/2024-01-31_cumsum.csv\n", False),
        ("claimed_losses", "data/russia_losses_equipment.json", True),
        ("claimed_losses", "data/russia_losses_equipment_oryx.json", False),
        ("occupied_area", "data/deepstatemap_data_20240708.geojson", True),
        ("occupied_area", "data/deepstatemap_data_2024-07-08.geojson", False),
        ("occupied_area_2022_23", "deepstate.csv", True),
        ("occupied_area_2022_23", "data/deepstate.csv", False),
    ],
)
def test_only_files_of_a_source_match(source, path, matches):
    assert SOURCES[source].matches(path) is matches
