"""The real upstream files: known figures, every vintage rebuilt, and the shipped figures equal to what is parsed."""

import csv
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from orchestration.settings import PROJECT_ROOT, SHIPPED_DIR
from orchestration.sources import SOURCES
from orchestration.sources.claimed_losses.rules import corrections, cumulative
from orchestration.sources.claimed_losses_second.checks import differences
from orchestration.sources.confirmed_deaths.parse import FIRST_DAY
from orchestration.sources.confirmed_deaths.vintages import rebuild
from orchestration.sources.intake import assembly
from orchestration.sources.intake.archive import Archive, blob_sha
from orchestration.sources.intake.shipped import read_shipped

UPSTREAM = PROJECT_ROOT.parent / "shared" / "upstream"

pytestmark = [
    pytest.mark.upstream,
    pytest.mark.skipif(not UPSTREAM.is_dir(), reason=f"the real upstream files are not at {UPSTREAM}"),
]


def upstream_files(source):
    base = UPSTREAM / source.repository / source.branch
    return {
        path.relative_to(base).as_posix(): path
        for path in sorted(base.rglob("*"))
        if path.is_file() and source.matches(path.relative_to(base).as_posix())
    }


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    archive = Archive(tmp_path_factory.mktemp("upstream") / "raw")
    for source in SOURCES.values():
        for path, location in upstream_files(source).items():
            content = location.read_bytes()
            archive.store(source.name, path, content, blob_sha(content))
    return archive


@pytest.fixture(scope="module")
def tables(archive):
    assembled = {name: assembly.assemble(source, archive, {}) for name, source in SOURCES.items()}
    assert [file.reason for result in assembled.values() for file in result.held_back] == []
    return {name: table for result in assembled.values() for name, table in result.tables.items()}


@pytest.fixture(scope="module")
def vintages(tables):
    rebuilt = rebuild(tables["confirmed_deaths"], tables["confirmed_deaths_vintages"])
    days = pd.Timestamp(FIRST_DAY)
    return {str(v.as_of): pd.Series(v.counts, index=pd.date_range(days, periods=len(v.counts))) for v in rebuilt}


def test_every_vintage_is_rebuilt_cell_for_cell(archive, vintages):
    current, contents = None, []
    for path, location in upstream_files(SOURCES["confirmed_deaths"]).items():
        day = Path(path).name[:10]
        current = vintages.get(day, current)
        with location.open(newline="") as file:
            rows = [(row["date"], int(row["change"])) for row in csv.DictReader(file)]
        assert rows == [(str(day.date()), count) for day, count in current.items()], path
        contents += [rows] if rows not in contents[-1:] else []
    assert len(vintages) == len(contents) > 1


def test_confirmed_deaths_as_they_were_known(vintages):
    newest, may = vintages["2025-10-11"], vintages["2025-05-13"]
    assert newest.sum() == 105_210
    assert newest.groupby(newest.index.year).sum().loc[2022:2024].tolist() == [17_631, 36_194, 41_717]
    assert (newest["2024-02-20"], may["2024-02-20"]) == (211, 178)
    assert may.sum() == 84_492
    autumn = slice("2024-09-01", "2024-11-30")
    assert (vintages["2024-12-07"][autumn].sum(), newest[autumn].sum()) == (1_882, 10_663)


def test_claimed_personnel_by_month(tables):
    table = tables["claimed_losses"]
    personnel = table[table["category"] == "personnel"].set_index("report_date")["claimed_losses_cum"]
    assert personnel["2025-05-31"] - personnel["2025-04-30"] == 35_370
    assert personnel["2025-08-31"] - personnel["2025-07-31"] == 28_880
    corrected = table[table["correction"] != 0]
    assert corrected.set_index(["report_date", "category"]).loc[("2025-02-28", "personnel"), "correction"] == 1_650


def test_occupied_area(tables):
    area = tables["occupied_area"].set_index("area_date")
    assert area.loc["2024-11-30", "occupied_km2"] - area.loc["2024-08-31", "occupied_km2"] == pytest.approx(
        1602.2, abs=0.05
    )
    # Levels and differences are measured apart and must tell the same story, to a hundredth of a km².
    change = area["occupied_km2"].diff()
    assert ((area["gained_km2"] - area["lost_km2"] - change).abs().iloc[1:] < 0.01).all()
    assert area[["gained_km2", "lost_km2"]].iloc[1:].notna().all(axis=None)


def test_probate_estimates_and_branches(tables):
    assert round(tables["probate_estimates"]["probate_estimate"].sum()) == 351_817
    branches = tables["deaths_by_branch"]
    of_2024 = branches[branches["week_start"].dt.year == 2024].groupby("branch")["confirmed_deaths"].sum()
    assert round(of_2024["vol"] / of_2024.sum(), 3) == 0.505


def test_deaths_by_region(tables):
    regions = tables["deaths_by_region"].set_index("region")["confirmed_deaths"]
    assert (len(regions), regions.sum(), regions["Bashkortostan"], regions["Baikonur"]) == (88, 208_892, 8_672, 4)


def test_the_shipped_figures_are_what_is_parsed(archive, tables):
    shipped = read_shipped(SHIPPED_DIR)
    for name, table in shipped.items():
        if name == "deaths_by_region":  # upstream overwrites its file: of what is shipped it holds the newest vintage
            table = table[table["as_of"] == table["as_of"].max()].reset_index(drop=True)
        pd.testing.assert_frame_equal(table, tables[name], check_exact=True)
    # Pulled files over the shipped figures are the same figures.
    for source in SOURCES:
        for name, table in assembly.assemble(SOURCES[source], archive, shipped).tables.items():
            pd.testing.assert_frame_equal(table, shipped[name], check_exact=True)


def test_all_files_are_plausible_beside_the_shipped_figures(archive):
    """Judged anew from the first file on, each against those before it and the shipped figures."""
    shipped = read_shipped(SHIPPED_DIR)
    for source in SOURCES:
        files = archive.files(source)
        archive.set_state(files, "new", who="pull")
        assert assembly.assemble(SOURCES[source], archive, shipped).held_back == []
        assert len(archive.files(source)) == len(files)


@pytest.mark.parametrize("name", ["personnel", "equipment", "equipment_correction"])
def test_every_night_of_claims_is_plausible_after_the_one_before(archive, name):
    """The file is one; its nights are played by cutting it off. From July 2022 on its categories are the same."""
    (file,) = [file for file in archive.files("claimed_losses") if file.path.endswith(f"_{name}.json")]
    claims = SOURCES["claimed_losses"].parse(file.read(), file.path)
    rule = corrections if name == "equipment_correction" else cumulative
    nights = sorted(day for day in claims["report_date"].unique() if day >= pd.Timestamp("2022-07-01"))
    for before, after in list(pairwise(nights))[::30]:
        nightly = (claims[claims["report_date"] <= night] for night in (before, after))
        assert rule(*nightly) is None, after


def test_every_night_of_the_second_copy_of_the_claims_is_plausible():
    source = SOURCES["claimed_losses_second"]
    ((path, location),) = upstream_files(source).items()
    claims = source.parse(location.read_bytes(), path)
    nights = sorted(day for day in claims["report_date"].unique() if day >= pd.Timestamp("2022-07-01"))
    for before, after in list(pairwise(nights))[::30]:
        nightly = (claims[claims["report_date"] <= night] for night in (before, after))
        assert source.objection(*nightly) is None, after


def test_both_copies_of_the_claims_say_the_same_of_nearly_every_day():
    shipped = read_shipped(SHIPPED_DIR, ["claimed_losses", "claimed_losses_second"])
    found = differences(*shipped.values())
    assert len(found) == 113
    assert ("2025-11-05", "personnel", 1_146_570, 1_145_670) in found
