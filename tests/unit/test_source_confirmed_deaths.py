"""Daily files of the list of confirmed deaths: strict reading, vintages, changes."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from orchestration.sources import SOURCES, TABLES, parsing, tables
from orchestration.sources.confirmed_deaths import parse
from orchestration.sources.confirmed_deaths.parse import FIRST_DAY
from orchestration.sources.confirmed_deaths.vintages import rebuild
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.intake.archive import Archive, blob_sha
from orchestration.sources.intake.gate import Reader

SOURCE = SOURCES["confirmed_deaths"]

NAME = "docs/2022-03-10_cumsum.csv"


def csv_of(counts, header="date,change,total"):
    days = [FIRST_DAY + timedelta(days=i) for i in range(len(counts))]
    lines = [f"{day},{n},{total}" for day, n, total in zip(days, counts, np.cumsum(counts), strict=True)]
    return "\n".join([header, *lines, ""]).encode()


@pytest.fixture
def observe(tmp_path):
    """Observe files given as {day: counts} over shipped tables."""

    def run(files, shipped=None):
        archive = Archive(
            tmp_path / f"raw{len(list(tmp_path.iterdir()))}", now=lambda: datetime(2022, 4, 1, tzinfo=UTC)
        )
        for day, counts in files.items():
            content = csv_of(counts)
            archive.store("confirmed_deaths", f"docs/{day}_cumsum.csv", content, blob_sha(content))
        names = ("confirmed_deaths", "confirmed_deaths_vintages")
        shipped = shipped or {name: tables.empty(TABLES[name]) for name in names}
        return SOURCE.assemble(archive.files("confirmed_deaths", ["new"]), shipped, Reader(SOURCE), tmp_path)

    return run


def changes(tables):
    return [(r.as_of.day, r.death_date.day, r.change) for r in tables["confirmed_deaths"].itertuples()]


def vintages(tables):
    rows = tables["confirmed_deaths_vintages"].itertuples()
    return [(r.as_of.day, r.last_seen.day, str(r.data_through.date()), r.dated_total) for r in rows]


def test_a_file_is_read_into_counts_by_day_of_death():
    frame = SOURCE.parse(csv_of([3, 0, 5]), NAME)
    assert frame["confirmed_deaths"].tolist() == [3, 0, 5]
    assert frame["death_date"].dt.date.tolist() == [date(2022, 2, 24), date(2022, 2, 25), date(2022, 2, 26)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"<!DOCTYPE html><html>Sign in</html>", "web page"),
        (b"date,change,total\n2022-02-24,\xff,1\n", "not UTF-8"),
        (b"date,change\n2022-02-24,1\n", "column 'total': is missing"),
        (b"date,change,total,name\n2022-02-24,1,1,x\n", "column 'name': is unknown"),
        (b"date,change,total,total\n2022-02-24,1,1,1\n", "column 'total': appears twice"),
        (b"date,change,total\n", "no rows"),
        (b"date,change,total\n2022-02-24,1\n", "line 2: has 2 fields"),
        (b"date,change,total\n24.02.2022,1,1\n", "line 2, column 'date': '24.02.2022' is not a date"),
        (b"date,change,total\n2022-2-24,1,1\n", "line 2, column 'date'"),
        (b"date,change,total\n2022-02-30,1,1\n", "line 2, column 'date'"),
        (
            b"date,change,total\n2022-02-24,1,1\n2022-02-24,1,2\n",
            "line 3, column 'date': '2022-02-24' appears a second",
        ),
        (
            b"date,change,total\n2022-02-24,1,1\n2022-02-26,1,2\n",
            "line 3, column 'date': is 2022-02-26 where 2022-02-25",
        ),
        (b"date,change,total\n2022-02-25,1,1\n", "line 2, column 'date'"),
        (b"date,change,total\n2022-02-24,-1,-1\n", "line 2, column 'change': '-1'"),
        (b"date,change,total\n2022-02-24,1.0,1\n", "line 2, column 'change': '1.0'"),
        (b"date,change,total\n2022-02-24,,0\n", "line 2, column 'change': ''"),
        (b"date,change,total\n2022-02-24,1,1\n2022-02-25,2,4\n", "line 3, column 'total': is 4, but the sum"),
    ],
)
def test_what_is_not_the_published_format_is_refused_by_file_and_place(content, said):
    with pytest.raises(SourceFormatError, match=r"docs/2022-03-10_cumsum\.csv: ") as caught:
        SOURCE.parse(content, NAME)
    assert said in str(caught.value)


def test_a_file_cannot_know_of_days_after_the_one_in_its_name():
    with pytest.raises(SourceFormatError, match="ends on 2022-02-26, after the day in its name"):
        SOURCE.parse(csv_of([1, 1, 1]), "docs/2022-02-25_cumsum.csv")


def test_repeated_content_is_read_once_and_each_name_is_held_against_it(monkeypatch):
    read, original = [], parsing.csv_rows
    monkeypatch.setattr(parsing, "csv_rows", lambda *args: read.append(args) or original(*args))
    parse._series.cache_clear()
    repeated, broken = csv_of([4, 4, 4]), csv_of([5, 5, 5]) + b"x"
    first = SOURCE.parse(repeated, "docs/2022-02-26_cumsum.csv")
    assert SOURCE.parse(repeated, "docs/2022-02-27_cumsum.csv").equals(first)
    assert len(read) == 1
    with pytest.raises(SourceFormatError, match=r"^docs/2022-02-25_cumsum.csv: .*after the day in its name"):
        SOURCE.parse(repeated, "docs/2022-02-25_cumsum.csv")
    for day in (26, 27):
        with pytest.raises(SourceFormatError, match=rf"^docs/2022-02-{day}_cumsum.csv: line 5: has 1 fields"):
            SOURCE.parse(broken, f"docs/2022-02-{day}_cumsum.csv")


@pytest.mark.parametrize("path", ["docs/last_data.csv", "docs/2022-13-01_cumsum.csv"])
def test_a_name_without_a_date_is_refused(path):
    with pytest.raises(SourceFormatError, match="file name"):
        SOURCE.parse(csv_of([1]), path)


def test_repeated_content_is_one_vintage_and_counts_may_fall(observe):
    tables = observe({"2022-03-01": [3, 1], "2022-03-02": [3, 1], "2022-03-04": [2, 1, 7]})
    assert vintages(tables) == [(1, 2, "2022-02-25", 4), (4, 4, "2022-02-26", 10)]
    assert changes(tables) == [(1, 24, 3), (1, 25, 1), (4, 24, -1), (4, 26, 7)]


def test_content_that_comes_back_is_a_new_vintage(observe):
    tables = observe({"2022-03-01": [3], "2022-03-02": [4], "2022-03-03": [3]})
    assert vintages(tables) == [(1, 1, "2022-02-24", 3), (2, 2, "2022-02-24", 4), (3, 3, "2022-02-24", 3)]
    assert changes(tables) == [(1, 24, 3), (2, 24, 1), (3, 24, -1)]


def test_a_shorter_vintage_takes_back_the_days_it_no_longer_has(observe):
    tables = observe({"2022-03-01": [3, 1, 2], "2022-03-02": [3, 1]})
    assert vintages(tables)[1] == (2, 2, "2022-02-25", 4)
    assert changes(tables)[-1] == (2, 26, -2)


def test_every_vintage_is_rebuilt_cell_for_cell(observe):
    files = {"2022-03-01": [3, 1, 2], "2022-03-02": [3, 1], "2022-03-05": [0, 9, 2, 0, 0], "2022-03-06": [0, 9, 2, 0]}
    rebuilt = rebuild(**_as_arguments(observe(files)))
    assert [v.counts.tolist() for v in rebuilt] == list(files.values())


def test_tables_that_contradict_each_other_are_not_rebuilt(observe):
    tables = observe({"2022-03-01": [3], "2022-03-02": [4]})
    tables["confirmed_deaths"].loc[1, "change"] = 2
    with pytest.raises(ValueError, match="do not add up to the vintage of 2022-03-02"):
        rebuild(**_as_arguments(tables))


def test_embedded_and_pulled_give_what_pulled_alone_gives(observe):
    files = {"2022-03-01": [3, 1], "2022-03-02": [3, 1], "2022-03-05": [2, 1, 7], "2022-03-06": [2, 1, 7]}
    whole = observe(files)
    shipped = observe(dict(list(files.items())[:3]))
    for pulled in (files, dict(list(files.items())[3:])):
        merged = observe(pulled, shipped)
        assert all(merged[name].equals(whole[name]) for name in whole)


def test_a_file_within_an_embedded_run_changes_nothing_if_equal_and_splits_it_if_not(observe):
    shipped = observe({"2022-03-01": [3], "2022-03-05": [3]})
    assert vintages(observe({"2022-03-03": [3]}, shipped)) == [(1, 5, "2022-02-24", 3)]
    split = observe({"2022-03-03": [4]}, shipped)
    assert [(as_of, last_seen) for as_of, last_seen, *_ in vintages(split)] == [(1, 2), (3, 3), (4, 5)]


def test_without_files_the_embedded_vintages_come_out(observe):
    shipped = observe({"2022-03-01": [3], "2022-03-05": [5, 0]})
    assert all(table.equals(shipped[name]) for name, table in observe({}, shipped).items())


def _as_arguments(tables):
    return {"changes": tables["confirmed_deaths"], "vintages": tables["confirmed_deaths_vintages"]}
