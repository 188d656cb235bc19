"""The series published in releases: probate estimates and deaths by branch, and the levels of 2022–23."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from orchestration.sources import SOURCES, TABLES, tables
from orchestration.sources.deaths_by_branch.parse import BRANCHES
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.intake.archive import Archive, blob_sha
from orchestration.sources.intake.gate import Reader

PROBATE = "scripts/mediazona/source/probate_registry_estimate.csv"
BRANCH = "scripts/mediazona/source/confirmed_losses_per_week.csv"
LEVELS = "deepstate.csv"


def probate_csv(*rows):
    return "\n".join(["week,real,rnd", *rows]).encode()


def branch_csv(*rows):
    """Rows of (day, total, {branch: text}); everything else is blank."""
    header = ",".join(["week_start", "total", *BRANCHES])
    lines = [
        ",".join([f'"{day}"', str(total), *(str(cells.get(name, "")) for name in BRANCHES)])
        for day, total, cells in rows
    ]
    return "\n".join([header, *lines]).encode()


def files_of(folder, source, path, versions):
    """Versions of one file, given as (content, day of first sight)."""
    files = []
    for content, seen in versions:
        archive = Archive(folder, now=lambda seen=seen: seen)
        archive.store(source, path, content, blob_sha(content))
        files = archive.files(source, ["new"])
    return files


def utc(*day):
    return datetime(*day, 12, tzinfo=UTC)


def test_probate_weeks_keep_full_precision():
    frame = SOURCES["probate_estimates"].parse(
        probate_csv('"21.02.2022",437,456.1974551665733', '"28.02.2022",0,0'), PROBATE
    )
    assert frame["week_start"].dt.date.tolist() == [date(2022, 2, 21), date(2022, 2, 28)]
    assert frame["probate_estimate"].tolist() == [456.1974551665733, 0.0]
    assert frame["documented_deaths"].tolist() == [437, 0]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (['"22.02.2022",1,1'], "'2022-02-22' is not a Monday"),
        (['"2022-02-21",1,1'], "is not a date"),
        (['"02/21/2022",1,1'], "is not a date"),
        (['"21.02.2022",1,1', '"07.03.2022",1,1'], "line 3, column 'week': '2022-03-07' does not follow"),
        (['"28.02.2022",1,1', '"21.02.2022",1,1'], "does not follow"),
        (['"21.02.2022",1,1', '"21.02.2022",1,1'], "a second time"),
        (['"21.02.2022",1,-3.5'], "column 'rnd': '-3.5'"),
        (['"21.02.2022",1,nan'], "column 'rnd': 'nan'"),
        (['"21.02.2022",1,'], "column 'rnd': ''"),
        (['"21.02.2022",1.5,1'], "column 'real': '1.5'"),
    ],
)
def test_a_probate_file_of_another_shape_is_refused(rows, said):
    with pytest.raises(SourceFormatError) as caught:
        SOURCES["probate_estimates"].parse(probate_csv(*rows), PROBATE)
    assert said in str(caught.value)


def test_a_blank_branch_is_zero_and_trailing_empty_weeks_are_left_out():
    content = branch_csv(
        ("24.02.2022", 3, {"vol": 1, "nd": 2}),
        ("03.03.2022", "", {}),
        ("10.03.2022", 1, {"mob": 1}),
        ("17.03.2022", "", {}),
        ("24.03.2022", "", {}),
    )
    frame = SOURCES["deaths_by_branch"].parse(content, BRANCH)
    assert sorted(set(frame["week_start"].dt.date)) == [date(2022, 2, 24), date(2022, 3, 3), date(2022, 3, 10)]
    first = frame[frame["week_start"] == "2022-02-24"].set_index("branch")["confirmed_deaths"]
    assert (first["vol"], first["nd"], first["mob"], len(first)) == (1, 2, 0, 21)
    assert frame.groupby("week_start")["week_total"].first().tolist() == [3, 0, 1]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("21.02.2022", 1, {"vol": 1})], "is not a Thursday"),
        ([("24.02.2022", 2, {"vol": 1})], "line 2, column 'total': is 2, but the branches sum to 1"),
        ([("24.02.2022", "", {"vol": 1})], "is 0, but the branches sum to 1"),
        ([("24.02.2022", 1, {"vol": -1, "nd": 2})], "column 'vol': '-1'"),
        ([("24.02.2022", 1, {"vol": "x"})], "column 'vol': 'x'"),
        ([("24.02.2022", "", {})], "no week with any figure"),
    ],
)
def test_a_branch_file_of_another_shape_is_refused(rows, said):
    with pytest.raises(SourceFormatError) as caught:
        SOURCES["deaths_by_branch"].parse(branch_csv(*rows), BRANCH)
    assert said in str(caught.value)


def test_a_new_branch_is_not_taken_in_silence():
    content = branch_csv(("24.02.2022", 1, {"vol": 1})).replace(b",vol,", b",vol,drones,").replace(b",1,,", b",1,,,")
    with pytest.raises(SourceFormatError, match="column 'drones': is unknown"):
        SOURCES["deaths_by_branch"].parse(content, BRANCH)
    with pytest.raises(SourceFormatError, match="column 'inmates': is missing"):
        SOURCES["deaths_by_branch"].parse(
            b"\n".join(line[: line.rindex(b",")] for line in content.replace(b",drones", b"").split(b"\n")), BRANCH
        )


def observed(tmp_path, versions, shipped=None):
    known = tables.empty(TABLES["probate_estimates"]) if shipped is None else shipped
    files = files_of(tmp_path, "probate_estimates", PROBATE, versions)
    source = SOURCES["probate_estimates"]
    return source.assemble(files, {source.name: known}, Reader(source), tmp_path)[source.name]


def by_release(table):
    return [(str(r.as_of.date()), r.week_start.day, r.documented_deaths) for r in table.itertuples()]


def test_every_release_is_kept_by_its_day(tmp_path, monkeypatch):
    old, new = probate_csv('"21.02.2022",1,1'), probate_csv('"21.02.2022",5,1', '"28.02.2022",2,2')
    monkeypatch.setitem(SOURCES["probate_estimates"].released_on, blob_sha(old), date(2025, 1, 15))
    table = observed(tmp_path, [(old, utc(2025, 6, 1)), (new, utc(2025, 6, 9))])
    assert by_release(table) == [("2025-01-15", 21, 1), ("2025-06-09", 21, 5), ("2025-06-09", 28, 2)]


def test_content_already_held_is_no_new_release(tmp_path):
    shipped = tables.conform(
        TABLES["probate_estimates"],
        pd.DataFrame(
            {
                "as_of": [pd.Timestamp("2025-01-15")],
                "week_start": [pd.Timestamp("2022-02-21")],
                "documented_deaths": [1],
                "probate_estimate": [1.5],
            }
        ),
    )
    # Other bytes, the same figures.
    same = probate_csv("21.02.2022,1,1.50")
    assert observed(tmp_path / "a", [(same, utc(2025, 6, 1))], shipped).equals(shipped)
    assert observed(tmp_path / "b", [], shipped).equals(shipped)
    other = probate_csv("21.02.2022,2,1.5")
    table = observed(tmp_path / "c", [(same, utc(2025, 6, 1)), (other, utc(2025, 6, 2))], shipped)
    assert by_release(table) == [("2025-01-15", 21, 1), ("2025-06-02", 21, 2)]


def test_a_second_version_of_one_day_replaces_the_release_whole(tmp_path):
    first, second = probate_csv("21.02.2022,1,1", "28.02.2022,2,2"), probate_csv("21.02.2022,3,1")
    table = observed(tmp_path, [(first, datetime(2025, 6, 1, 8, tzinfo=UTC)), (second, utc(2025, 6, 1))])
    assert by_release(table) == [("2025-06-01", 21, 3)]


def test_readings_are_dated_in_utc_and_both_clocks_must_agree():
    good = b"date,id,area\n2022-04-03 14:33:28,1648989208,62920.84966366\n2023-03-16 01:01:01,1678924861,109194.38\n"
    frame = SOURCES["occupied_area_2022_23"].parse(good, LEVELS)
    assert [str(moment) for moment in frame["observed_at"]] == ["2022-04-03 12:33:28", "2023-03-16 00:01:01"]
    assert frame["occupied_km2"].iloc[0] == 62920.84966366
    for bad, said in [
        (good.replace(b"14:33:28", b"14:33:29"), "line 2, column 'date'"),
        (good.replace(b"1648989208", b"yesterday"), "line 2, column 'id'"),
        (good.replace(b"62920.8", b"-62920.8"), "column 'area'"),
        (good.replace(b"area", b"km2"), "column 'km2': is unknown"),
        (good + good.splitlines()[1], "a second time"),
    ]:
        with pytest.raises(SourceFormatError) as caught:
            SOURCES["occupied_area_2022_23"].parse(bad, LEVELS)
        assert said in str(caught.value)


def test_a_pulled_reading_overrides_the_embedded_one(tmp_path):
    name = "occupied_area_2022_23"
    content = b"date,id,area\n2022-04-03 14:33:28,1648989208,5.5\n"
    source = SOURCES[name]
    known = tables.conform(
        TABLES[name],
        pd.DataFrame(
            {"observed_at": pd.to_datetime(["2022-04-03 12:33:28", "2022-04-03 13:00:00"]), "occupied_km2": [1.0, 2.0]}
        ),
    )
    files = files_of(tmp_path, name, LEVELS, [(content, utc(2025, 1, 1))])
    overlaid = source.assemble(files, {name: known}, Reader(source), tmp_path)[name]
    assert overlaid["occupied_km2"].tolist() == [5.5, 2.0]
    assert source.assemble([], {name: known}, Reader(source), tmp_path)[name].equals(known)
