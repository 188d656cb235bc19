"""The second copy of the claims: its shape, what it may not be after what is accepted, and where the two differ."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from orchestration.settings import SHIPPED_DIR
from orchestration.sources import SOURCES, TABLES, tables
from orchestration.sources.checks import Measurement
from orchestration.sources.claimed_losses_second import checks
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.intake import assembly
from orchestration.sources.intake.archive import Archive
from orchestration.sources.intake.shipped import read_row_counts, read_shipped
from tests.factories import store

SOURCE = SOURCES["claimed_losses_second"]
PATH = "russian-losses.json"
REPORT = "https://mod.gov.ua/news/report"


def day(text: str, **figures: object) -> dict[str, object]:
    return {"date": text, "sourceUri": f"{REPORT}-{text}"} | figures


def parse(records: object) -> pd.DataFrame:
    return SOURCE.parse(json.dumps(records).encode(), PATH)


def refused(content: bytes) -> str:
    with pytest.raises(SourceFormatError) as caught:
        SOURCE.parse(content, PATH)
    assert str(caught.value).startswith(PATH)
    return str(caught.value)


def test_a_day_becomes_rows_under_upstreams_names_and_null_is_no_row() -> None:
    frame = parse([day("2024-01-03", personnel=9, unarmoredVehicles=4, submarines=None), day("2024-01-02", afvs=0)])
    assert [(str(row.report_date.date()), row.category, row.claimed_losses_cum) for row in frame.itertuples()] == [
        ("2024-01-02", "afvs", 0),
        ("2024-01-03", "personnel", 9),
        ("2024-01-03", "unarmored_vehicles", 4),
    ]
    assert frame["source_url"].tolist() == [f"{REPORT}-2024-01-02", *[f"{REPORT}-2024-01-03"] * 2]


def test_a_category_that_appears_is_taken_under_its_own_name() -> None:
    assert parse([day("2024-01-03", personnel=9, groundRobots=4)])["category"].tolist() == [
        "ground_robots",
        "personnel",
    ]


def test_a_day_without_address_is_kept() -> None:
    frame = parse([{"date": "2024-01-03", "personnel": 9}, {"date": "2024-01-02", "sourceUri": None, "personnel": 8}])
    assert frame["source_url"].isna().all()


@pytest.mark.parametrize(
    ("records", "said"),
    [
        (
            [day("2024-01-02", tanks=1), day("2024-01-03", tanks=2)],
            "entry 2 (2024-01-03): stands after 2024-01-02, but days are listed newest first",
        ),
        ([day("2024-01-02", tanks=1), day("2024-01-02", tanks=1)], "'2024-01-02' appears a second time"),
        ([day("02.01.2024", tanks=1)], "'02.01.2024' is not a date"),
        ([day("2024-01-02", tanks=None)], "entry 1 (2024-01-02): has no figure at all"),
        ([day("2024-01-02")], "has no figure at all"),
        ([day("2024-01-02", tanks=-1)], "key 'tanks': -1 is not a whole number"),
        ([day("2024-01-02", tanks=1.5)], "key 'tanks': 1.5 is not a whole number"),
        ([day("2024-01-02", tanks="1")], "key 'tanks': '1' is not a whole number"),
        ([day("2024-01-02", tanks=True)], "key 'tanks': True is not a whole number"),
        ([day("2024-01-02", tanks=1_000_000_000)], "key 'tanks': 1000000000 is not a whole number"),
        ([day("2024-01-02", tanks={"a": 1})], "is not a whole number"),
        ([day("2024-01-02", **{"<b>": 1})], "is no name of a category"),
        ([day("2024-01-02", tanks=1, Tanks=1)], "names the same category as 'tanks'"),
        ([{"tanks": 1}], "entry 1, key 'date': is missing"),
        ([["2024-01-02", 1]], "entry 1, key 'date': is missing"),
        ([{"date": "2024-01-02", "sourceUri": "javascript:alert(1)", "tanks": 1}], "is not a web address"),
        ([{"date": "2024-01-02", "sourceUri": 'https://x/"><script>', "tanks": 1}], "is not a web address"),
        ([], "is not a list of days"),
        ({"2024-01-02": {"tanks": 1}}, "is not a list of days"),
    ],
)
def test_a_file_of_another_shape_is_refused(records: object, said: str) -> None:
    assert said in refused(json.dumps(records).encode())


def test_a_file_cut_short_a_web_page_and_a_name_twice_are_refused() -> None:
    whole = json.dumps([day("2024-01-03", tanks=2), day("2024-01-02", tanks=1)]).encode()
    assert "perhaps cut short" in refused(whole[:-20])
    assert "is a web page (HTML)" in refused(b"<!DOCTYPE html><html>404</html>")
    assert "key 'tanks': appears twice" in refused(b'[{"date": "2024-01-02", "tanks": 1, "tanks": 2}]')
    assert "is empty" in refused(b"")


# Days of a steady war, newest first as upstream has them.
DAYS = [f"2024-01-{number:02}" for number in range(1, 31)]


def war(days: int = 30, **changed: dict[str, object]) -> bytes:
    """A file of so many days; `changed` gives other figures by day, as `d05={"tanks": 7}`."""
    records = [
        day(text, personnel=100_000 + 1000 * place, tanks=5000 + 10 * place, ships=3) | changed.get(f"d{text[-2:]}", {})
        for place, text in enumerate(DAYS[:days])
    ]
    return json.dumps(records[::-1]).encode()


@pytest.fixture
def judged(tmp_path: Path):
    """State and reason of a file that follows one of 28 days."""

    def run(content: bytes) -> tuple[str, str]:
        clock = iter(datetime(2024, 2, 1, hour, tzinfo=UTC) for hour in range(24))
        archive = Archive(tmp_path / "raw", now=lambda: next(clock))
        for offered in (war(28), content):
            store(archive, SOURCE.name, PATH, offered)
            assembly.assemble(SOURCE, archive, {})
        files = archive.files(SOURCE.name, ("accepted", "quarantined", "rejected"))
        newest = max(files, key=lambda file: file.first_seen_at)
        return newest.state, newest.reason or ""

    return run


@pytest.mark.parametrize(
    "content",
    [
        war(29),
        # Not reported is said by null, on the newest day too.
        war(29, d29={"ships": None}),
        # Corrected downwards, as the General Staff does.
        war(29, d29={"tanks": 5200}),
        war(29, d29={"groundRobots": 12}),
    ],
    ids=["the next day", "a figure not reported", "a correction", "a new category"],
)
def test_what_may_follow(judged, content: bytes) -> None:
    assert judged(content) == ("accepted", "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (war(29, d29={"personnel": 1_280_000}), "jump: personnel in sum rises"),
        (war(30, d29={"personnel": 1_280_000}), "jump: the largest daily claim of personnel"),
        (war(29, d29={"personnel": 141_000}), "jump: the largest daily claim of personnel"),
        (war(29, d10={"tanks": 50_900}), "jump: tanks from 2024-01-09 to 2024-01-10 rises from 5,080 to 50,900"),
        (war(29, d10={"tanks": 500}), "jump: tanks from 2024-01-09 to 2024-01-10 falls from 5,080 to 500"),
        (war(29, d29={"tanks": 528}), "history shrunk: tanks falls"),
        (war(27), "rows lost: 1 days known before are gone, the first 2024-01-28"),
        (war(29).replace(b"ships", b"vessels"), "rows lost"),
    ],
    ids=["ten times", "ten times before the newest", "too many", "past", "past fall", "a tenth", "short", "renamed"],
)
def test_what_cannot_be_right_is_held_back(judged, content: bytes, said: str) -> None:
    state, reason = judged(content)
    assert (state, said in reason) == ("quarantined", True), reason


def test_a_slip_after_missing_days_is_seen_beside_what_a_day_claims(judged) -> None:
    """The change over a gap is that of several days: it must not make room for a slip of as much in one."""
    gap = [record for record in json.loads(war(28)) if not "2024-01-05" < record["date"] < "2024-01-25"]
    slipped = [day("2024-01-29", personnel=150_000, tanks=5280, ships=3)]
    known, offered = (SOURCE.parse(json.dumps(records).encode(), PATH) for records in (gap, slipped + gap))
    assert "the largest daily claim of personnel rises from 1,000 to 23,000" in (SOURCE.objection(known, offered) or "")


def test_reports_and_figures_are_tables_of_their_own(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "raw", now=lambda: datetime(2024, 2, 1, tzinfo=UTC))
    store(archive, SOURCE.name, PATH, war(2))
    filled = assembly.assemble(SOURCE, archive, {}).tables
    reports, figures = filled["claimed_losses_second_reports"], filled["claimed_losses_second"]
    assert reports["source_url"].tolist() == [f"{REPORT}-{text}" for text in DAYS[:2]]
    assert len(figures) == 6
    series = SOURCE.shipped_series(PATH, filled)
    assert SOURCE.objection(series, SOURCE.parse(war(3), PATH)) is None


def test_the_shipped_figures_fit_themselves() -> None:
    series = SOURCE.shipped_series(PATH, read_shipped(SHIPPED_DIR, SOURCE.table_names))
    assert SOURCE.objection(series, series) is None


# Where the two differ


@pytest.fixture
def measured(tmp_path: Path):
    """What the check says of the shipped figures with the changes made to the two tables."""
    names = ("claimed_losses", "claimed_losses_second")
    shipped = read_shipped(SHIPPED_DIR, names)

    def run(**changed: pd.DataFrame):
        shapes = [TABLES[name] for name in names]
        tables.write_tables(tmp_path, shapes, shipped | changed)
        data = Measurement(tmp_path, read_row_counts(SHIPPED_DIR), date(2026, 7, 2))
        return checks.SOURCES_AGREE.measure(data)

    return shipped, run


def at(frame: pd.DataFrame, text: str, category: str) -> pd.Series:
    return (frame["report_date"] == text) & (frame["category"] == category)


def test_differences_of_the_shipped_figures_are_known(measured) -> None:
    _, run = measured
    outcome = run()
    assert outcome.passed
    assert outcome.measured.startswith(
        "113 differences, all in the shipped figures, the newest 2026-04-29 helicopter 351"
    )


def test_a_new_difference_is_named_with_day_category_and_size(measured) -> None:
    shipped, run = measured
    second = shipped["claimed_losses_second"].copy()
    second.loc[at(second, "2025-05-05", "personnel"), "claimed_losses_cum"] += 700
    second.loc[at(second, "2024-06-04", "afvs"), "claimed_losses_cum"] -= 3
    outcome = run(claimed_losses_second=second)
    assert not outcome.passed
    assert outcome.measured.startswith(
        "2 new differences: 2025-05-05 personnel 958,070, second source 958,770 (+700); "
    )
    assert "2024-06-04 apc " in outcome.measured
    assert outcome.measured.endswith("(-3)")


def test_many_differences_are_counted_and_the_newest_named(measured) -> None:
    shipped, run = measured
    first = shipped["claimed_losses"].copy()
    first.loc[first["category"] == "tank", "claimed_losses_cum"] += 1
    measured_words = run(claimed_losses=first).measured
    assert measured_words.count("second source") == 5
    assert measured_words.endswith(" more")
    assert "2026-07-01 tank" in measured_words


def test_what_only_one_has_is_no_difference(measured) -> None:
    shipped, run = measured
    second = shipped["claimed_losses_second"]
    missing = second[~at(second, "2025-05-05", "personnel")]
    unknown = pd.DataFrame(
        {"report_date": second["report_date"].iloc[-1:], "category": "ground_robots", "claimed_losses_cum": 5}
    )
    ahead = pd.DataFrame(
        {"report_date": [pd.Timestamp("2026-07-02")], "category": "personnel", "claimed_losses_cum": 1_406_000}
    )
    assert run(claimed_losses_second=pd.concat([missing, unknown, ahead])).passed
