"""What an operator sees when a source misbehaves, and the sensor that takes in files people bring."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration.settings import SHIPPED_DIR, load_settings
from orchestration.sources import SOURCES
from orchestration.sources.intake import inbox as inbox_folder
from orchestration.sources.intake.archive import Archive, blob_sha
from orchestration.sources.intake.shipped import read_shipped
from tests.factories import area, deaths, deaths_path

SOURCE = "confirmed_deaths"
# A list of 600 has lost nearly all deaths of the shipped one.
FALLEN = deaths(*[20] * 30)
SHIPPED = read_shipped(SHIPPED_DIR)
BAD_DAY, NEXT_DAY = (
    str((SHIPPED["confirmed_deaths_vintages"]["last_seen"].max() + timedelta(days=days)).date()) for days in (1, 2)
)
MAP_DAYS = [SHIPPED["occupied_area"]["area_date"].max() + timedelta(days=days) for days in (1, 2)]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WAR_LOSSES_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def archive(data_dir: Path) -> Archive:
    return Archive(load_settings().raw_dir)


def assemble() -> dg.ExecuteInProcessResult:
    from orchestration.defs.ingest import observation_assets
    from orchestration.defs.resources import WarLosses

    (asset,) = [a for a in observation_assets if a.op.name == f"assemble_{SOURCE}"]
    return dg.materialize([asset], resources={"war_losses": WarLosses()})


def parsed(result: dg.ExecuteInProcessResult) -> dg.AssetCheckEvaluation:
    (check,) = [c for c in result.get_asset_check_evaluations() if c.check_name == "parsed"]
    return check


def test_a_held_back_file_turns_the_check_red_and_the_run_stays_green(archive: Archive) -> None:
    for path, content in ((deaths_path(BAD_DAY), FALLEN), (deaths_path(NEXT_DAY), b"<html>")):
        archive.store(SOURCE, path, content, blob_sha(content))
    result = assemble()
    check = parsed(result)
    assert result.success
    assert not check.passed
    quarantined, rejected = check.description.split("\n")
    assert f"{deaths_path(BAD_DAY)} is quarantined: history shrunk" in quarantined
    newest = SHIPPED["confirmed_deaths_vintages"]["as_of"].max().date()
    assert f"first seen {datetime.now(UTC):%Y-%m-%d}" in quarantined
    assert f"figures are those of {newest}" in quarantined
    accept = f"war-losses accept {SOURCE} {deaths_path(BAD_DAY)} --sha {blob_sha(FALLEN)[:8]} --why TEXT"
    assert accept in quarantined
    assert f"{deaths_path(NEXT_DAY)}: whole file: is a web page" in rejected
    assert check.metadata["measured"].value.startswith("2 held back, 0 set aside by a person")

    # A person has decided: told, but no longer red.
    archive.set_state(
        archive.files(SOURCE, ("quarantined", "rejected")), "quarantined", who="A. Person", reason="a slip"
    )
    check = parsed(assemble())
    assert check.passed
    assert check.metadata["measured"].value == "0 held back, 2 set aside by a person"


def tick(cursor: str | None = None) -> dg.RunRequest | dg.SkipReason:
    from orchestration.defs.inbox import inbox_sensor

    with dg.build_sensor_context(cursor=cursor) as context:
        return inbox_sensor(context)


def put(data_dir: Path, source: str, name: str, content: bytes) -> Path:
    inbox_folder.make_folders(data_dir / "inbox")
    location = data_dir / "inbox" / source / name
    location.write_bytes(content)
    os.utime(location, (time.time() - 60,) * 2)
    return location


def test_the_sensor_runs_by_itself_and_asks_for_a_rebuild() -> None:
    from orchestration.definitions import defs

    sensor = defs.resolve_sensor_def("inbox")
    assert sensor.default_status == dg.DefaultSensorStatus.RUNNING
    assert sensor.minimum_interval_seconds == 30
    assert [target.job_name for target in sensor.targets] == ["rebuild"]


def test_the_sensor_skips_while_nothing_lies_there(data_dir: Path) -> None:
    assert isinstance(tick(), dg.SkipReason)
    assert not (data_dir / "raw").exists()


def test_the_sensor_asks_for_one_rebuild_of_what_it_took_in(data_dir: Path, archive: Archive) -> None:
    shipped = SHIPPED["occupied_area"].iloc[-1]
    height = 1.4 * shipped["occupied_km2"] / _km2(1.4)
    maps = {f"{day:%Y%m%d}.geojson": area(height + step / 1000) for step, day in enumerate(MAP_DAYS)}
    for name, content in maps.items():
        put(data_dir, "occupied_area", name, content)
    put(data_dir, SOURCE, f"{BAD_DAY}.csv", FALLEN)
    request = tick()
    assert isinstance(request, dg.RunRequest)
    assert request.run_key == "+".join(sorted(map(blob_sha, maps.values())))
    assert {file.path for file in archive.files("occupied_area")} == {
        f"data/deepstatemap_data_{day:%Y%m%d}.geojson" for day in MAP_DAYS
    }
    assert archive.files(SOURCE, ("new", "accepted", "quarantined")) == []
    refused = data_dir / "inbox" / SOURCE / f"{BAD_DAY}.csv.refused.txt"
    assert "history shrunk" in refused.read_text(encoding="utf-8")
    assert isinstance(tick(), dg.SkipReason)


def test_the_sensor_says_why_it_refused(data_dir: Path) -> None:
    put(data_dir, SOURCE, f"{BAD_DAY}.csv", FALLEN)
    assert "history shrunk" in tick().skip_message


def _km2(height: float) -> float:
    path = "data/deepstatemap_data_20260301.geojson"
    return SOURCES["occupied_area"].parse(area(height), path)["occupied_km2"].iloc[0]
