"""Every check of a series turns red on the fault it is for, tried on made-up observation tables; so does every row of
its failure say what was measured."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from orchestration.settings import SHIPPED_DIR
from orchestration.sources import TABLES, tables
from orchestration.sources.intake.provenance import ACCEPTED_BY_PEOPLE
from orchestration.sources.intake.shipped import read_shipped
from tests.running_dbt import run_dbt

ERRORS = {
    "counts_within_coverage",
    "decreases_bounded",
    "vintages_sum_to_total",
    "area_within_bounds",
    "area_differences_agree",
    "region_counts_bounded",
}
WARNINGS = {"decreases_usual", "volume_shift", "area_jumps"}
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The SQL of the checks as dbt compiles it, by name, and the data directory it reads."""
    folder = tmp_path_factory.mktemp("series")
    (folder / "warehouse").mkdir()
    run = run_dbt("compile", "--select", "source:observations", scratch=folder, data_dir=folder)
    assert run.returncode == 0, run.stdout
    results = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    return folder, {r["unique_id"].split(".")[2]: r["compiled_code"] for r in results}


@pytest.fixture
def failing(compiled: tuple[Path, dict[str, str]]) -> Callable[..., Rows]:
    """Rows that a check returns on the shipped figures, with the tables that are given in place of theirs."""
    folder, sql = compiled
    shapes = [*TABLES.values(), ACCEPTED_BY_PEOPLE]
    shipped = read_shipped(SHIPPED_DIR) | {ACCEPTED_BY_PEOPLE.name: tables.empty(ACCEPTED_BY_PEOPLE)}

    def run(check: str, **given: pd.DataFrame) -> Rows:
        tables.write_tables(folder / "observations", shapes, shipped | given)
        with duckdb.connect() as connection:
            return connection.execute(sql[check]).df().to_dict("records")

    return run


def test_the_checks_are_all_there(compiled) -> None:
    assert compiled[1].keys() == ERRORS | WARNINGS


@pytest.mark.parametrize("check", sorted(ERRORS))
def test_errors_are_green_on_the_shipped_figures(failing, check: str) -> None:
    assert failing(check) == []


def vintages(*rows: tuple[str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "as_of": pd.Timestamp(day),
                "last_seen": pd.Timestamp(day),
                "data_through": pd.Timestamp(day),
                "dated_total": total,
            }
            for day, total in rows
        ]
    )


def changes(*rows: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame([{"as_of": pd.Timestamp(a), "death_date": pd.Timestamp(d), "change": n} for a, d, n in rows])


def accepted(source: str, day: str) -> pd.DataFrame:
    return pd.DataFrame([{"source": source, "dated": pd.Timestamp(day)}])


def shipped_area() -> pd.DataFrame:
    return read_shipped(SHIPPED_DIR, ["occupied_area"])["occupied_area"]


def test_a_vintage_that_does_not_add_up_is_named(failing) -> None:
    (row,) = failing(
        "vintages_sum_to_total",
        confirmed_deaths_vintages=vintages(("2025-01-01", 10), ("2025-01-15", 12)),
        confirmed_deaths=changes(("2025-01-01", "2024-12-01", 10), ("2025-01-15", "2024-12-02", 3)),
    )
    assert (str(row["as_of"].date()), row["laid_out_total"], row["dated_total"]) == ("2025-01-15", 13, 12)


@pytest.mark.parametrize(
    "rows",
    [
        [("2025-01-01", "2024-12-01", 5), ("2025-01-15", "2024-12-01", -6)],
        [("2025-01-01", "2022-02-23", 5)],
        [("2025-01-01", "2025-01-02", 5)],
    ],
    ids=["fewer than none", "before the war", "after the last day"],
)
def test_counts_outside_their_coverage(failing, rows: list) -> None:
    (row,) = failing(
        "counts_within_coverage",
        confirmed_deaths_vintages=vintages(("2025-01-01", 5), ("2025-01-15", 5)),
        confirmed_deaths=changes(*rows),
    )
    assert str(row["death_date"].date()) == rows[-1][1]


def after_a_step_of(taken_off: dict[str, int], usually: int = 4) -> dict[str, pd.DataFrame]:
    """A list of 10,000 that named more before, on the given days of death; six steps took off a few names each."""
    days = [f"2025-01-{day:02d}" for day in range(1, 9)]
    before, rest = 6 * usually, sum(taken_off.values())
    rows = [(days[0], "2024-11-01", 10_000 + before)] + [(days[0], day, n) for day, n in taken_off.items()]
    rows += [(as_of, "2024-11-01", -usually) for as_of in days[1:7]]
    totals = [10_000 + before + rest - usually * step for step in range(7)]
    return {
        "confirmed_deaths_vintages": vintages(*zip(days, [*totals, 10_000], strict=True)),
        "confirmed_deaths": changes(*rows, *[(days[7], day, -n) for day, n in taken_off.items()]),
    }


@pytest.mark.parametrize(
    ("taken_off", "worst_week", "usual", "bounded"),
    [
        ({"2024-12-02": 5, "2024-12-10": 6}, 6, True, True),
        ({"2024-12-02": 5, "2024-12-10": 6, "2024-12-17": 1}, 6, False, True),
        ({"2024-12-02": 50}, 50, False, True),
        ({"2024-12-02": 51}, 51, False, False),
    ],
)
def test_decreases_warn_and_block(
    failing, taken_off: dict[str, int], worst_week: int, usual: bool, bounded: bool
) -> None:
    tables = after_a_step_of(taken_off)
    for check, passed in (("decreases_usual", usual), ("decreases_bounded", bounded)):
        rows = failing(check, **tables)
        assert len(rows) == (not passed)
        for row in rows:
            assert (row["removed"], row["worst_week"]) == (sum(taken_off.values()), worst_week)


def test_what_is_usual_follows_the_list(failing) -> None:
    """Twelve names are many after steps of four and few after steps of twenty; one is none after steps of nothing."""
    assert len(failing("decreases_usual", **after_a_step_of({"2024-12-02": 12}))) == 1
    assert failing("decreases_usual", **after_a_step_of({"2024-12-02": 12}, usually=20)) == []
    assert failing("decreases_usual", **after_a_step_of({"2024-12-02": 2}, usually=0)) == []


def test_nothing_is_usual_of_a_young_list(failing) -> None:
    tables = {
        "confirmed_deaths_vintages": vintages(("2025-01-01", 10_040), ("2025-01-15", 10_000)),
        "confirmed_deaths": changes(("2025-01-01", "2024-12-02", 10_040), ("2025-01-15", "2024-12-02", -40)),
    }
    assert failing("decreases_usual", **tables) == []


def test_names_that_move_within_a_week_leave_it_whole(failing) -> None:
    tables = after_a_step_of({})
    newest = changes(("2025-01-08", "2024-12-02", -9), ("2025-01-08", "2024-12-03", 9), ("2025-01-01", "2024-12-02", 9))
    tables["confirmed_deaths"] = pd.concat([tables["confirmed_deaths"], newest])
    tables["confirmed_deaths_vintages"]["dated_total"] += 9
    assert failing("decreases_usual", **tables) == []


def test_what_a_person_accepted_stops_no_release(failing) -> None:
    """Only what the person answers for is passed over: the same source and day."""
    lost = after_a_step_of({"2024-12-02": 400})
    area = shipped_area()
    day = area.loc[5, "area_date"]
    area.loc[5, "occupied_km2"] = 1.0
    for check, source, accepted_day, given in (
        ("decreases_bounded", "confirmed_deaths", "2025-01-08", lost),
        ("area_within_bounds", "occupied_area", str(day.date()), {"occupied_area": area}),
    ):
        assert len(failing(check, **given)) == 1
        assert failing(check, **given, accepted_by_people=accepted(source, accepted_day)) == []
        assert len(failing(check, **given, accepted_by_people=accepted(source, "2022-05-01"))) == 1
        assert len(failing(check, **given, accepted_by_people=accepted("claimed_losses", accepted_day))) == 1


def regions(*vintages: tuple[str, dict[str, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"as_of": pd.Timestamp(day), "region": region, "region_ru": region, "confirmed_deaths": count}
            for day, counts in vintages
            for region, count in counts.items()
        ]
    )


@pytest.mark.parametrize(
    ("before", "after", "passed"),
    [(1000, 990, True), (1000, 989, False), (100, 95, True), (100, 94, False), (4, 1, True), (4, 0, False)],
)
def test_a_region_that_falls(failing, before: int, after: int, passed: bool) -> None:
    vintages = (("2026-06-14", {"Crimea": 1692, "Tuva": before}), ("2026-06-18", {"Crimea": 1692, "Tuva": after}))
    rows = failing("region_counts_bounded", deaths_by_region=regions(*vintages))
    assert [(row["region"], row["confirmed_deaths"]) for row in rows] == ([] if passed else [("Tuva", after)])
    by_a_person = {"accepted_by_people": accepted("deaths_by_region", "2026-06-18")}
    assert failing("region_counts_bounded", deaths_by_region=regions(*vintages), **by_a_person) == []


def test_a_region_that_a_vintage_lacks_did_not_fall_and_is_held_against_the_vintage_before(failing) -> None:
    first, part = ("2026-06-14", {"Crimea": 1692, "Tuva": 9}), ("2026-06-17", {"Tuva": 9})
    assert failing("region_counts_bounded", deaths_by_region=regions(first, part)) == []
    (row,) = failing(
        "region_counts_bounded", deaths_by_region=regions(first, part, ("2026-06-18", {"Crimea": 169, "Tuva": 9}))
    )
    assert (row["region"], row["confirmed_deaths_before"]) == ("Crimea", 1692)


@pytest.mark.parametrize(("last_step", "passed"), [(100, True), (249, True), (260, False), (30, False), (-10, False)])
def test_volume_shift_of_the_newest_vintage(failing, last_step: int, passed: bool) -> None:
    days = [date(2025, 1, 1) + timedelta(days=10 * step) for step in range(8)]
    totals = [1000 + 100 * step for step in range(7)]
    totals.append(totals[-1] + last_step)
    steps = vintages(*((day.isoformat(), total) for day, total in zip(days, totals, strict=True)))
    rows = failing("volume_shift", confirmed_deaths_vintages=steps)
    assert [row["ratio"] for row in rows] == ([] if passed else [last_step / 100])


def test_too_few_vintages_have_no_usual_pace(failing) -> None:
    assert failing("volume_shift", confirmed_deaths_vintages=vintages(("2025-01-01", 10), ("2025-01-08", 900))) == []


@pytest.mark.parametrize("level", [89_000.0, 151_000.0])
def test_an_implausible_area(failing, level: float) -> None:
    area = shipped_area()
    area.loc[5, "occupied_km2"] = level
    (row,) = failing("area_within_bounds", occupied_area=area)
    assert (row["area_date"], row["occupied_km2"]) == (area.loc[5, "area_date"], level)
    assert len(failing("area_differences_agree", occupied_area=area)) == 2  # the steps to it and from it


def test_the_worst_level_is_told_first(failing) -> None:
    area = shipped_area()
    area.loc[[5, 6, 7], "occupied_km2"] = [89_000.0, 900_000.0, 1_000.0]
    assert [row["occupied_km2"] for row in failing("area_within_bounds", occupied_area=area)] == [
        900_000.0,
        1_000.0,
        89_000.0,
    ]


def test_gains_that_do_not_explain_the_level(failing) -> None:
    area = shipped_area()
    area.loc[5, "gained_km2"] += 0.02
    (row,) = failing("area_differences_agree", occupied_area=area)
    assert (row["area_date"], row["off_km2"]) == (area.loc[5, "area_date"], -0.02)


@pytest.mark.parametrize(("step", "passed"), [(59.0, True), (61.0, False), (-61.0, False)])
def test_a_batch_edit_of_the_map_in_the_last_month(failing, step: float, passed: bool) -> None:
    area = shipped_area()
    area.loc[area.index[-1], "occupied_km2"] = area["occupied_km2"].iloc[-2] + step
    assert [row["step_km2"] for row in failing("area_jumps", occupied_area=area)] == ([] if passed else [step])


def test_an_old_edit_of_the_map_is_no_news(failing) -> None:
    area = shipped_area()
    area.loc[area.index[-40] :, "occupied_km2"] += 200
    assert failing("area_jumps", occupied_area=area) == []
