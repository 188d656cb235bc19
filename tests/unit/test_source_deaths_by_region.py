"""Deaths by region: a file that is overwritten, and what must not be read as a fall."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pandas as pd
import pytest

from orchestration.settings import DBT_PROJECT_DIR, SHIPPED_DIR, Settings
from orchestration.sources import SOURCES, TABLES
from orchestration.sources.deaths_by_region import register
from orchestration.sources.deaths_by_region.rules import RegionCounts, follows
from orchestration.sources.errors import RefusedFileError, SourceFormatError
from orchestration.sources.intake import assembly, decisions
from orchestration.sources.intake.archive import Archive, blob_sha
from orchestration.sources.intake.github import GitHub, pull
from orchestration.sources.intake.shipped import read_shipped
from orchestration.sources.intake.upload import upload
from tests.factories import store

SOURCE = SOURCES["deaths_by_region"]
NAME, PATH = SOURCE.name, SOURCE.path
BOM = b"\xef\xbb\xbf"
HEADER = "region_en,region_ru,settlements,total_deaths_full"
KNOWN = register.regions(date(2026, 9, 1))
# Made-up counts of the known regions: 2,000, 1,980 and so on.
COUNTS = {region: 2000 - 20 * place for place, region in enumerate(KNOWN)}
TODAY = datetime(2026, 9, 1, 12, tzinfo=UTC)


def line(region, count, region_ru=None):
    settlements = min(3, count) if isinstance(count, int) else 3
    return f'"{region}",{region_ru or KNOWN.get(region, "Область")},{settlements},{count}'


def region_file(counts=COUNTS, *more, without=(), end="\n"):
    lines = [line(region, count) for region, count in counts.items() if region not in without]
    return BOM + end.join([HEADER, *lines, *more, ""]).encode()


def grown(by=1, **changed):
    return {region: count + by for region, count in COUNTS.items()} | changed


def parse(content):
    return SOURCE.parse(content, PATH)


@pytest.fixture
def clock():
    return {"now": TODAY}


@pytest.fixture
def archive(tmp_path, clock):
    def now():
        clock["now"] += timedelta(seconds=1)
        return clock["now"]

    return Archive(tmp_path / "raw", now=now)


def night(archive, clock, content, day=None):
    """A pull of the day that brings this content, and the tables after it."""
    if day:
        clock["now"] = datetime.combine(day, TODAY.time(), UTC)
    store(archive, NAME, PATH, content)
    archive.mark_listed(NAME, {PATH: blob_sha(content)})
    return assembly.assemble(SOURCE, archive, {})


def vintages(assembled):
    return [(day.date().isoformat(), len(rows)) for day, rows in assembled.tables[NAME].groupby("as_of")]


# The file

# UTF-8 read as Latin-1 and written as UTF-8 again.
LATIN = BOM + region_file().decode("utf-8-sig").encode().decode("latin-1").encode()


def test_the_mark_at_the_beginning_is_no_part_of_the_first_column():
    frame = parse(region_file())
    assert list(frame.columns) == ["region", "region_ru", "confirmed_deaths"]
    assert dict(zip(frame["region"], frame["confirmed_deaths"], strict=True)) == COUNTS
    assert parse(region_file()[len(BOM) :]).equals(frame)
    assert parse(region_file(end="\r\n")).equals(frame)


def test_columns_are_read_by_name():
    by_another_order = "total_deaths_full,region_ru,settlements,region_en\n7,Москва,2,Moscow\n9,Татарстан,1,Tatarstan\n"
    assert parse(by_another_order.encode()).to_numpy().tolist() == [
        ["Moscow", "Москва", 7],
        ["Tatarstan", "Татарстан", 9],
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (BOM, "is empty"),
        (BOM + b"<html>Sign in</html>", "web page"),
        (BOM + HEADER.encode(), "has a header and no rows"),
        (b"<!DOCTYPE html><html>Sign in</html>", "web page"),
        (region_file().decode("utf-8-sig").encode("cp1251", "replace"), "not UTF-8"),
        (region_file().decode("utf-8-sig").encode("utf-16"), "not UTF-8"),
        (region_file().replace(b"total_deaths_full", b"deaths"), "column 'deaths': is unknown"),
        (region_file().replace(b",settlements,", b",name,"), "column 'name': is unknown"),
        (region_file().replace(b",", b";"), "is not CSV|is unknown"),
        (region_file()[:-3], "a count cut short"),
        (region_file()[:-60], "not CSV"),
        (region_file(COUNTS, line("Moscow", 5)), "'Moscow' appears a second time"),
        (region_file(COUNTS, line("Moskva", 5, "Москва")), "'Москва' appears a second time"),
        (region_file(COUNTS, line("Tatarstan ", 5)), "blank or padded"),
        (region_file(COUNTS, line("", 5)), "blank or padded"),
        (region_file(COUNTS, line("Russia", sum(COUNTS.values()))), "'Russia' is the sum of all other rows"),
        (region_file({**COUNTS, "Moscow": "1,040"}), "fields"),
        (region_file({**COUNTS, "Moscow": '"1,040"'}), "not a non-negative whole number"),
        (region_file({**COUNTS, "Moscow": -4}), "not a non-negative whole number"),
        (region_file({**COUNTS, "Moscow": "1040.0"}), "not a non-negative whole number"),
        (region_file({**COUNTS, "Moscow": ""}), "not a non-negative whole number"),
        (f"{HEADER}\nMoscow,Москва,1040,15\nTuva,Республика Тыва,990,117".encode(), "columns swapped"),
        (LATIN, "blank or padded"),
    ],
)
def test_a_file_of_another_shape_is_refused(content, said):
    with pytest.raises(SourceFormatError, match=said) as caught:
        parse(content)
    assert PATH in str(caught.value)


# The gate

OTHER_LABEL = dict(zip(COUNTS, [*list(COUNTS)[1:], "Adygea"], strict=True))
CASES = {
    "a region is gone": (
        region_file(grown(), without=["Crimea"]),
        "regions missing: 'Crimea'; the file holds 87 of 88",
    ),
    "most are gone": (region_file(dict(list(grown().items())[:40])), "and 43 more; the file holds 40 of 88 regions"),
    "renamed": (region_file(grown(), line("Tyva", 900), without=["Tuva"]), "'Tyva' came where 'Tuva' went"),
    "another spelling": (region_file(grown(), line("tuva", 900), without=["Tuva"]), "'tuva' came where 'Tuva' went"),
    "a new region": (region_file(grown(), line("Kherson (occupied)", 9)), "unknown regions: 'Kherson (occupied)'"),
    "a total of more": (region_file(grown(), line("Total", 250_000)), "unknown regions: 'Total'"),
    "no region": (region_file(grown(), line("Unknown", 9_000)), "unknown regions: 'Unknown'"),
    "Russian name of another": (
        region_file(grown()).replace("Москва,".encode(), "Город Москва,".encode()),
        "names differ: 'Moscow' stands beside 'Город Москва'",
    ),
    "a fall": (region_file(grown(Tatarstan=COUNTS["Tatarstan"] - 50)), "history shrunk: Tatarstan falls"),
    "to nothing": (region_file(grown(Moscow=0)), "history shrunk: Moscow falls from"),
    "falls everywhere": (
        region_file({region: count - count // 125 for region, count in COUNTS.items()}),
        "names went from their regions",
    ),
    "a digit too many": (region_file(grown(Tuva=COUNTS["Tuva"] * 10)), "jump: Tuva rises"),
    "twice as many": (region_file(grown(Tuva=COUNTS["Tuva"] * 2 + 10)), "jump: Tuva rises"),
    "counts of the neighbours": (region_file({r: COUNTS[OTHER_LABEL[r]] for r in COUNTS}), "history shrunk"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_right_is_held_back_and_the_last_good_stays(archive, clock, case):
    content, said = CASES[case]
    before = night(archive, clock, region_file(), date(2026, 9, 1))
    after = night(archive, clock, content, date(2026, 9, 2))
    (held,) = after.held_back
    assert held.state == "quarantined"
    assert any(part in held.reason for part in said.split("|")), held.reason
    pd.testing.assert_frame_equal(after.tables[NAME], before.tables[NAME])


def test_the_very_first_file_must_be_whole(archive, clock):
    assert night(archive, clock, region_file(without=["Crimea"])).tables[NAME].empty


def test_corrections_and_growth_pass(archive, clock):
    few = dict(zip(list(COUNTS)[:3], (-2, -1, -5), strict=True))
    corrected = {region: count + few.get(region, 40) for region, count in COUNTS.items()}
    for day, counts in enumerate((COUNTS, grown(), corrected, {r: c * 3 for r, c in COUNTS.items()}), start=1):
        assembled = night(archive, clock, region_file(counts), date(2026, 9, day))
        assert assembled.held_back == []
    assert vintages(assembled) == [(f"2026-09-0{day}", 88) for day in (1, 2, 3, 4)]


def test_a_vintage_is_held_against_the_one_after_it_too(archive, clock, tmp_path):
    night(archive, clock, region_file(), date(2026, 9, 5))
    late = tmp_path / "regions.csv"
    late.write_bytes(region_file(grown(by=50)))
    with pytest.raises(RefusedFileError, match="history shrunk"):
        upload(late, NAME, date(2026, 9, 3), archive, {}, who="A. Person", why="found")
    late.write_bytes(region_file(grown(by=-50)))
    upload(late, NAME, date(2026, 9, 3), archive, {}, who="A. Person", why="found")
    assert vintages(assembly.assemble(SOURCE, archive, {})) == [("2026-09-03", 88), ("2026-09-05", 88)]


@pytest.mark.parametrize(
    ("before", "after", "believed"),
    [
        (1000, 990, True), (1000, 989, False), (100, 95, True), (100, 94, False), (4, 1, True), (4, 0, False),
        (0, 0, True), (4, 20, True), (4, 21, False), (1000, 2000, True), (1000, 2001, False),
    ],
)  # fmt: skip
def test_a_region_at_the_border(before, after, believed):
    day = date(2026, 9, 1)
    others = {f"Region {place}": 10_000_000 for place in range(10)}
    earlier, later = (RegionCounts(day, {**others, "Tuva": count}, {}) for count in (before, after))
    assert (follows(earlier, later) is None) == believed


def test_regions_that_one_vintage_lacks_are_not_compared():
    day = date(2026, 9, 1)
    part = RegionCounts(day, {"Tuva": 100}, {})
    assert follows(part, RegionCounts(day, {"Tuva": 101, "Moscow": 3000}, {})) is None


def test_a_region_is_expected_from_its_first_vintage_to_its_last(archive, clock, monkeypatch):
    """A row for what upstream renames or adds does not make the vintages before it partial."""
    row = {"region_ru": "Республика Тыва", "region_code": "RU-TY"}
    tuva = {**row, "region": "Tuva", "held_from": "", "held_until": "2026-09-01"}
    tyva = {**row, "region": "Tyva", "held_from": "2026-09-02", "held_until": ""}
    others = [known for known in register._rows() if known["region"] != "Tuva"]
    monkeypatch.setattr(register, "_rows", lambda: [*others, tuva, tyva])

    def renamed(count):
        return region_file(COUNTS, line("Tyva", count, "Республика Тыва"), without=["Tuva"])

    assert night(archive, clock, renamed(COUNTS["Tuva"]), date(2026, 8, 31)).held_back
    assert night(archive, clock, region_file(), date(2026, 9, 1)).held_back == []
    assert night(archive, clock, region_file(grown()), date(2026, 9, 2)).held_back
    again = night(archive, clock, renamed(COUNTS["Tuva"] + 1), date(2026, 9, 3))
    assert (again.held_back, vintages(again)) == ([], [("2026-09-01", 88), ("2026-09-03", 88)])


# The days


def test_a_vintage_is_of_the_day_of_its_commit_or_of_first_sight(archive, clock, monkeypatch):
    known = region_file()
    monkeypatch.setitem(SOURCE.committed_on, blob_sha(known), (date(2026, 6, 1), date(2026, 6, 9)))
    night(archive, clock, known, date(2026, 9, 1))
    assembled = night(archive, clock, region_file(grown()), date(2026, 9, 2))
    assert vintages(assembled) == [("2026-06-01", 88), ("2026-09-02", 88)]


def test_a_content_that_came_back_after_another_is_a_vintage_again(archive, clock, monkeypatch):
    part, whole = region_file(without=["Crimea"]), region_file()
    monkeypatch.setitem(SOURCE.committed_on, blob_sha(whole), (date(2026, 6, 1), date(2026, 6, 9)))
    monkeypatch.setitem(SOURCE.committed_on, blob_sha(part), (date(2026, 6, 5),))
    night(archive, clock, whole)
    assert [file.reason for file in night(archive, clock, part).held_back]
    decisions.accept(NAME, PATH, archive, who="A. Person", why="as it was")
    assembled = night(archive, clock, region_file(grown()), date(2026, 9, 2))
    assert vintages(assembled) == [("2026-06-01", 88), ("2026-06-05", 87), ("2026-06-09", 88), ("2026-09-02", 88)]


def test_what_upstream_took_back_is_no_vintage(archive, clock):
    night(archive, clock, region_file(), date(2026, 9, 1))
    assert len(vintages(night(archive, clock, region_file(grown()), date(2026, 9, 2)))) == 2
    assert vintages(night(archive, clock, region_file(), date(2026, 9, 3))) == [("2026-09-01", 88)]


def test_other_bytes_with_the_same_figures_are_no_vintage(archive, clock):
    night(archive, clock, region_file(), date(2026, 9, 1))
    again = night(archive, clock, region_file(dict(reversed(COUNTS.items())), end="\r\n"), date(2026, 9, 2))
    assert (vintages(again), again.held_back) == ([("2026-09-01", 88)], [])


def test_a_file_brought_by_hand_is_of_the_day_given_with_it(archive, tmp_path, monkeypatch):
    location = tmp_path / "regions.csv"
    location.write_bytes(region_file())
    upload(location, NAME, date(2026, 7, 1), archive, {}, who="A. Person", why="found")
    assert vintages(assembly.assemble(SOURCE, archive, {})) == [("2026-07-01", 88)]
    monkeypatch.setitem(SOURCE.committed_on, blob_sha(region_file()), (date(2026, 6, 1), date(2026, 6, 9)))
    with pytest.raises(RefusedFileError, match="it is of 2026-06-01 and 2026-06-09, not of 2026-07-01"):
        upload(location, NAME, date(2026, 7, 1), archive, {}, who="A. Person", why="found")


# What is asked for, and what is shipped


def test_no_other_file_of_the_repository_is_ever_asked_for(archive):
    wanted = region_file()
    others = [
        "powerbi/regions.csv.bak", "powerbi/people.csv", "powerbi/regions_names.csv", "Powerbi/regions.csv",
        "data/powerbi/regions.csv", "powerbi/regions.csv/names.csv", "regions.csv", "README.md",
    ]  # fmt: skip
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = wanted
            if self.path.startswith("/repos/"):
                tree = [{"path": p, "type": "blob", "sha": blob_sha(wanted)} for p in (PATH, *others)]
                body = json.dumps({"sha": "a" * 40, "tree": tree, "truncated": False}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    settings = Settings(data_dir=Path("unused"), github_api=url, github_raw=url, github_token=None)
    try:
        with GitHub(settings) as client:
            result = pull(SOURCE, archive, settings, github=client)
    finally:
        server.shutdown()
        server.server_close()
    base = "AlexTsiris/Russian-Ukraine-War"
    assert asked == [f"/repos/{base}/git/trees/main?recursive=1", f"/{base}/main/powerbi/regions.csv"]
    assert result.new == ["powerbi/regions.csv"]
    # Nor does any other source read that repository.
    assert [source.name for source in SOURCES.values() if source.repository == SOURCE.repository] == [NAME]


def test_the_shipped_vintages_are_whole_but_for_the_one_that_lacks_crimea():
    shipped = read_shipped(SHIPPED_DIR, [NAME])[NAME]
    lacking = {
        day.date().isoformat(): sorted(KNOWN.keys() - set(rows["region"])) for day, rows in shipped.groupby("as_of")
    }
    june = ("2026-06-14", "2026-06-17", "2026-06-18", "2026-06-19", "2026-06-24")
    assert {day: lacking[day] for day in june} == {day: [] for day in june} | {"2026-06-17": ["Crimea"]}
    assert set(shipped["region"]) <= KNOWN.keys()
    newest = shipped[shipped["as_of"] == "2026-06-24"].set_index("region")["confirmed_deaths"]
    assert (newest.sum(), newest["Bashkortostan"], newest["Moscow"], newest["Baikonur"]) == (208_892, 8_672, 3_554, 4)
    assert list(shipped.columns) == TABLES[NAME].columns


def test_every_region_has_men_or_a_reason_why_not():
    with (DBT_PROJECT_DIR / "seeds" / "regions.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["region_code"]: row["region"] for row in csv.DictReader(file)}
    with (DBT_PROJECT_DIR / "seeds" / "men_16_61_by_region.csv").open(encoding="utf-8", newline="") as file:
        men = {row["region_code"]: row for row in csv.DictReader(file)}
    assert (len(codes), codes.keys()) == (88, men.keys())
    without = {codes[code] for code, row in men.items() if not row["men_16_61"]}
    assert without == {"Donetsk PR (occupied)", "Luhansk PR (occupied)", "Baikonur"}
    assert all(bool(row["men_16_61"]) != bool(row["none_because"]) for row in men.values())
