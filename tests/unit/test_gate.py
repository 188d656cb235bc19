"""From the archive to what is used: every rule reaches its source, in order, once, against what is accepted."""

import json
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from orchestration.sources import SOURCES, TABLES, tables
from orchestration.sources.confirmed_deaths.vintages import Vintage, to_tables
from orchestration.sources.deaths_by_branch.parse import BRANCHES
from orchestration.sources.intake import assembly
from orchestration.sources.intake.archive import Archive
from tests.factories import PERSONNEL, PROBATE, area, area_path, deaths, deaths_path, personnel, probate, store

TODAY = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path):
    ticks = iter(range(10_000))
    return Archive(tmp_path / "raw", now=lambda: TODAY + timedelta(seconds=next(ticks)))


def judged(archive, source, shipped=None):
    """State and reason by path and first sight, after one run."""
    assembly.assemble(SOURCES[source], archive, shipped or {})
    files = archive.files(source, ("new", "accepted", "rejected", "quarantined"))
    return [(file.state, file.reason or "") for file in sorted(files, key=lambda file: file.first_seen_at)]


CASES = {
    "confirmed_deaths": (
        (deaths_path("2025-05-01"), deaths(*[20] * 30)),
        [
            (deaths_path("2025-05-02"), deaths(*[20] * 26), "history shrunk"),
            (deaths_path("2025-05-02"), deaths(*[20] * 29, 16), "history shrunk"),
            (deaths_path("2025-05-02"), deaths(*[20] * 29, 200), "worst day"),
            (deaths_path("2025-06-03"), deaths(*[20] * 30), "date in the future"),
        ],
    ),
    "claimed_losses": (
        (PERSONNEL, personnel(1000, 1100, 1200)),
        [
            (PERSONNEL, personnel(1000, 1100), "rows lost"),
            (PERSONNEL, personnel(1000, 1101, 1200, 1300), "history changed"),
            (PERSONNEL, personnel(1000, 1100, 1200, 2200), "largest daily claim"),
            (PERSONNEL, personnel(*range(1000, 1034)), "date in the future"),
        ],
    ),
    "occupied_area": (
        (area_path("2025-05-01"), area(1.4)),
        [
            (area_path("2025-05-02"), area(1.0), "implausible level"),
            (area_path("2025-05-02"), area(1.5), "jump"),
            (area_path("2025-04-30"), area(1.5), "jump"),
            (area_path("2025-05-01"), area(1.5), "jump"),
            (area_path("2025-06-03"), area(1.4), "date in the future"),
        ],
    ),
    "probate_estimates": (
        (PROBATE, probate(100, 100, 100)),
        [
            (PROBATE, probate(100, 100), "rows lost"),
            (PROBATE, probate(100, 100, 70), "history shrunk"),
            (PROBATE, probate(100, 100, 1000), "jump"),
            (PROBATE, probate(*[100] * 23), "date in the future"),
        ],
    ),
}


@pytest.mark.parametrize(
    ("source", "path", "content", "reason"),
    [(source, *bad) for source, (_, bads) in CASES.items() for bad in bads],
)
def test_the_implausible_is_quarantined_and_the_last_good_stays(archive, source, path, content, reason):
    good = CASES[source][0]
    store(archive, source, *good)
    before = assembly.assemble(SOURCES[source], archive, {}).tables
    store(archive, source, path, content)
    states = judged(archive, source)
    assert [state for state, _ in states] == ["accepted", "quarantined"]
    assert reason in states[1][1]
    after = assembly.assemble(SOURCES[source], archive, {})
    assert [file.path for file in after.held_back] == [path]
    for name, table in before.items():
        pd.testing.assert_frame_equal(after.tables[name], table)


@pytest.mark.parametrize("source", CASES)
def test_the_same_again_is_plausible(archive, source):
    path, content = CASES[source][0]
    store(archive, source, path, content)
    store(archive, source, path, content + b"\n")
    assert [state for state, _ in judged(archive, source)] == ["accepted", "accepted"]


@pytest.mark.parametrize(
    ("path", "content", "problem"),
    [
        (deaths_path("2025-05-01"), b"<!DOCTYPE html><html></html>", "web page"),
        (deaths_path("2025-05-01"), deaths(20).replace(b",total", b",sum"), "column 'sum'"),
        (deaths_path("2025-05-01"), b"date,change\n2022-02-24,1\n", "column 'total': is missing"),
        (deaths_path("2025-05-01"), deaths(*[20] * 9)[:-3], "column 'total'"),
    ],
)
def test_what_cannot_be_read_is_rejected_and_not_quarantined(archive, path, content, problem):
    store(archive, "confirmed_deaths", path, content)
    ((state, reason),) = judged(archive, "confirmed_deaths")
    assert state == "rejected"
    assert problem in reason


def test_one_pull_is_judged_oldest_first_however_it_was_stored(archive):
    """Each step is small, the way from the first to the last is not: only in order do all pass."""
    days = [f"2025-05-{day:02d}" for day in range(1, 11)]
    for place, day in reversed(list(enumerate(days))):
        store(archive, "confirmed_deaths", deaths_path(day), deaths(*[10 * 2**place] * 20))
    assert {state for state, _ in judged(archive, "confirmed_deaths")} == {"accepted"}


def test_a_long_absence_is_made_up_in_order(archive):
    store(archive, "occupied_area", area_path("2025-05-01"), area(1.4))
    judged(archive, "occupied_area")
    heights = [1.4 + 0.009 * step for step in range(1, 6)]
    for place, height in reversed(list(enumerate(heights, start=2))):
        store(archive, "occupied_area", area_path(f"2025-05-{place:02d}"), area(height))
    assert {state for state, _ in judged(archive, "occupied_area")} == {"accepted"}


def test_a_missed_day_is_judged_by_the_day_before_it(archive):
    store(archive, "confirmed_deaths", deaths_path("2025-05-01"), deaths(*[20] * 20))
    store(archive, "confirmed_deaths", deaths_path("2025-05-10"), deaths(*[60] * 30))
    judged(archive, "confirmed_deaths")
    store(archive, "confirmed_deaths", deaths_path("2025-05-05"), deaths(*[20] * 21))
    assert {state for state, _ in judged(archive, "confirmed_deaths")} == {"accepted"}
    # And by the day after it: what is known later cannot be less.
    store(archive, "confirmed_deaths", deaths_path("2025-05-06"), deaths(*[61] * 30))
    assert judged(archive, "confirmed_deaths")[-1][0] == "quarantined"


def test_what_was_read_to_be_judged_is_not_read_again_to_be_measured(archive, monkeypatch):
    source = SOURCES["occupied_area"]
    read, original = [], source.parse
    monkeypatch.setattr(source, "parse", lambda content, path: read.append(path) or original(content, path))
    paths = [area_path(f"2025-05-{place:02d}") for place in (1, 2)]
    for path, height in zip(paths, (1.4, 1.409), strict=True):
        store(archive, "occupied_area", path, area(height))
    tables = assembly.assemble(source, archive, {}).tables
    assert tables["occupied_area"]["gained_km2"].notna().tolist() == [False, True]
    assert read == paths


def test_a_quarantined_file_is_judged_once(archive):
    store(archive, "occupied_area", area_path("2025-05-01"), area(1.4))
    store(archive, "occupied_area", area_path("2025-05-02"), area(1.5))
    judged(archive, "occupied_area")
    (before,) = archive.files("occupied_area", ["quarantined"])
    archive.set_state(archive.files("occupied_area", ["accepted"]), "quarantined", who="A. Person", reason="a slip")
    judged(archive, "occupied_area")
    assert archive.version("occupied_area", before.path, before.blob_sha) == before


def test_the_first_files_are_judged_by_the_shipped_figures(archive):
    day = date(2025, 5, 1)
    shipped = to_tables(
        [Vintage(day, day + timedelta(days=9), SOURCES["confirmed_deaths"].parse(deaths(*[20] * 30), deaths_path(day))
                 ["confirmed_deaths"].to_numpy())]
    )  # fmt: skip
    store(archive, "confirmed_deaths", deaths_path("2025-05-12"), deaths(*[20] * 20))
    ((state, reason),) = judged(archive, "confirmed_deaths", shipped)
    assert state == "quarantined"
    assert "the list as of 2025-05-01" in reason or "the list as of 2025-05-10" in reason


def test_the_first_claims_areas_and_releases_are_judged_by_the_shipped_figures(archive):
    def shipped(name, **columns):
        return {name: tables.conform(TABLES[name], pd.DataFrame(columns))}

    claims = shipped(
        "claimed_losses", report_date=pd.to_datetime(["2025-05-01", "2025-05-02", "2025-05-02"]),
        category=["personnel", "personnel", "tank"], claimed_losses_cum=[1000, 1100, 50], correction=[0, 100, 0],
    )  # fmt: skip
    store(archive, "claimed_losses", PERSONNEL, personnel(1000))
    assert "rows lost: 1 days" in judged(archive, "claimed_losses", claims)[0][1]
    path = "data/russia_losses_equipment_correction.json"
    store(archive, "claimed_losses", path, json.dumps([{"date": "2025-05-03", "tank": 1}]).encode())
    assert "rows lost: 1 days" in judged(archive, "claimed_losses", claims)[1][1]

    areas = shipped(
        "occupied_area", area_date=pd.to_datetime(["2025-05-01"]), occupied_km2=[100_000.0],
        previous_date=pd.to_datetime([None]), gained_km2=[None], lost_km2=[None],
    )  # fmt: skip
    store(archive, "occupied_area", area_path("2025-05-02"), area(1.4))
    assert "jump" in judged(archive, "occupied_area", areas)[0][1]

    release = shipped(
        "probate_estimates", as_of=pd.to_datetime(["2025-05-22"] * 2),
        week_start=pd.to_datetime(["2025-01-06", "2025-01-13"]),
        documented_deaths=[90, 90], probate_estimate=[100.0, 100.0],
    )  # fmt: skip
    store(archive, "probate_estimates", PROBATE, probate(100))
    assert "rows lost" in judged(archive, "probate_estimates", release)[0][1]


def test_branches_and_the_closed_series_are_judged_too(archive):
    columns = list(BRANCHES)
    header = ",".join(["week_start", "total", *columns])

    def branches(*weeks):
        rows = [
            f"{date(2025, 1, 2) + timedelta(weeks=i):%d.%m.%Y},{n}," + ",".join([str(n)] + ["0"] * (len(columns) - 1))
            for i, n in enumerate(weeks)
        ]
        return "\n".join([header, *rows]).encode()

    path = "scripts/mediazona/source/confirmed_losses_per_week.csv"
    for content in (branches(100, 100), branches(100, 100, 10), branches(100, 89)):
        store(archive, "deaths_by_branch", path, content)
    assert [state for state, _ in judged(archive, "deaths_by_branch")] == ["accepted", "accepted", "quarantined"]

    def readings(*km2):
        rows = [f"2022-04-0{i + 1} 14:00:00,{1648814400 + 86400 * i},{value}" for i, value in enumerate(km2)]
        return "\n".join(["date,id,area", *rows]).encode()

    for content in (readings(100_000, 100_500), readings(100_000)):
        store(archive, "occupied_area_2022_23", "deepstate.csv", content)
    assert [state for state, _ in judged(archive, "occupied_area_2022_23")] == ["accepted", "quarantined"]
