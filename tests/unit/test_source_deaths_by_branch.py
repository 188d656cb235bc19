"""Deaths by branch as Mediazona's own file has them, a figure a day: both shapes add up to the table of the export.

The releases are made by hand: 316 days from 24 February 2022 to 5 January 2023, names of two branches, identified in
2022 and 2023.
"""

import json
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from orchestration.sources import SOURCES, TABLES, tables
from orchestration.sources.deaths_by_branch.parse import BRANCHES
from orchestration.sources.errors import RefusedFileError, SourceFormatError
from orchestration.sources.intake import assembly, upload
from orchestration.sources.intake.archive import Archive
from tests.factories import store

SOURCE = SOURCES["deaths_by_branch"]
PATH = SOURCE.path
DAYS = 316
RIFLE, MARINE, NO_DATA, VOLUNTEERS, CHEMICAL = "1", "5", "10", "12", "19"
# Three names of the first day and one of the third, two of New Year's Eve; later one more of the first day and four of
# New Year's Day, and five volunteers of the second week.
KNOWN = {RIFLE: [[3, 0, 1, -307, 2, -5], [1, -310, 4, -4]], VOLUNTEERS: [[-316], [-7, 5, -308]]}
RELEASE = date(2023, 2, 20)


def split(series=None, years=(2022, 2023), **keys):
    """The newer shape; of a branch that is not named every list is without a death."""
    dates = {str(number): [[-DAYS] for _ in years] for number in range(21)} | (KNOWN if series is None else series)
    return {"years": list(years), "days": DAYS, "dates": dates} | keys


def flat(**series):
    """The older shape of the same names."""
    rifle = [4, 0, 1, *[0] * 307, 2, 4, *[0] * 4]
    volunteers = [*[0] * 7, 5, *[0] * 308]
    return {str(number): [0] * DAYS for number in range(21)} | {RIFLE: rifle, VOLUNTEERS: volunteers} | series


def export():
    """The export by week of the same names."""
    weeks = [date(2022, 2, 24) + timedelta(weeks=week) for week in range(45)]
    deaths = {(weeks[0], "rifle"): 5, (weeks[1], "vol"): 5, (weeks[44], "rifle"): 6}
    lines = [",".join(["week_start", "total", *BRANCHES])]
    for week in weeks:
        cells = [deaths.get((week, branch), 0) for branch in BRANCHES]
        lines.append(f'"{week:%d.%m.%Y}",{sum(cells) or ""},' + ",".join(str(cell or "") for cell in cells))
    return "\n".join(lines).encode()


def encoded(document):
    return json.dumps(document).encode()


def script(*documents):
    """A script as it is served: some charts' figures as JSON in quotes, and code around them."""
    literals = [json.dumps(document).replace("\\", "\\\\").replace("'", "\\'") for document in documents]
    return ("(()=>{" + ";".join(f"a[{n}]=JSON.parse('{text}')" for n, text in enumerate(literals)) + "})()").encode()


def read(content):
    return SOURCE.tables_of(SOURCE.parse(content, PATH))


def by_branch(content):
    table = read(content)["deaths_by_branch"]
    return table.sort_values(["week_start", "branch"]).reset_index(drop=True)


def by_year(content):
    table = read(content)["deaths_by_year_identified"]
    table = table[table["confirmed_deaths"] > 0]
    return [(str(row.week_start.date()), row.year_identified, row.confirmed_deaths) for row in table.itertuples()]


@pytest.mark.parametrize("content", [encoded(split()), encoded(flat()), script({"k": 1}, split())])
def test_every_shape_gives_the_table_of_the_export(content):
    pd.testing.assert_frame_equal(by_branch(content), by_branch(export()), check_dtype=False)


def test_the_years_of_identification_are_kept():
    assert by_year(encoded(split())) == [
        ("2022-02-24", 2022, 4),
        ("2022-02-24", 2023, 1),
        ("2022-03-03", 2023, 5),
        ("2022-12-29", 2022, 2),
        ("2022-12-29", 2023, 4),
    ]
    assert by_year(export()) == by_year(encoded(flat())) == []
    shape = TABLES["deaths_by_year_identified"]
    nothing = tables.conform(shape, read(export())[shape.name].assign(as_of=pd.Timestamp(RELEASE)))
    pd.testing.assert_frame_equal(nothing, tables.empty(shape), check_index_type=False)


def test_lists_go_with_the_years_they_are_written_with():
    turned = {branch: lists[::-1] for branch, lists in KNOWN.items()}
    assert by_year(encoded(split(turned, ("2023", "2022")))) == by_year(encoded(split()))


def test_a_week_has_the_years_in_which_its_deaths_can_have_been_identified():
    dates = {str(number): [[-400], [-400], [-400]] for number in range(21)} | {RIFLE: [[-400], [-350, 1, -49], [-400]]}
    weeks = read(encoded({"years": [2022, 2023, 2024], "days": 400, "dates": dates}))["deaths_by_year_identified"]
    years = weeks.groupby("week_start")["year_identified"].agg(list)
    assert years.loc["2022-12-29"] == [2022, 2023, 2024]
    assert years.loc["2023-01-05"] == [2023, 2024]
    # A week without names in a year says so with a nought.
    assert weeks["confirmed_deaths"].value_counts().to_dict() == {0: len(weeks) - 1, 1: 1}


def test_a_slip_of_a_date_is_kept_and_more_are_another_year():
    slip = split({RIFLE: [[99, -310, 1, -4], [-316]]})
    assert by_year(encoded(slip)) == [("2022-02-24", 2022, 99), ("2022-12-29", 2022, 1)]
    with pytest.raises(SourceFormatError, match="lists of 2022 count 2 deaths of later years"):
        SOURCE.parse(encoded(split({RIFLE: [[99, -310, 2, -4], [-316]]})), PATH)


def test_the_last_branches_stand_in_another_order_than_in_the_export():
    chemical = by_branch(encoded(split({CHEMICAL: [[9, -315], [-316]]})))
    assert chemical[chemical["confirmed_deaths"] > 0]["branch"].tolist() == ["chem"]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (split(years=(2022, 2024)), "key 'years': lacks 2023: without the names identified then, every sum is too low"),
        (split(years=(2023,)), "key 'years': lacks 2022"),
        (split(years=(2022, 2022)), "key 'years': 2022 appears a second time"),
        (split(years=(2021, 2022)), "key 'years': 2021 lies before the war"),
        (split(years=(2022, 23)), "key 'years': 23 is not a year"),
        (split(years=(2022, None)), "key 'years': None is not a year"),
        (split(years=()), "key 'years': is not a list of years"),
        (split({RIFLE: [[-316]]}), "series '1' (rifle): has 1 lists for 2 years"),
        (split({RIFLE: [-316, -316]}), "series '1' (rifle), year 2022: is not a list of numbers"),
        (split({RIFLE: [[-316], [-315]]}), "series '1' (rifle), year 2023: spans 315 days, not the 316"),
        (split({RIFLE: [[-316], [-316, 1]]}), "spans 317 days, not the 316"),
        (split({RIFLE: [[1.5, -315], [-316]]}), "year 2022, entry 1: 1.5 is not a whole number"),
        (split({RIFLE: [["1", -315], [-316]]}), "year 2022, entry 1: '1' is not a whole number"),
        (split({RIFLE: [[True, -315], [-316]]}), "entry 1: True is not a whole number"),
        (split({RIFLE: [[10**30, -315], [-316]]}), "is not a whole number of people"),
        (split({RIFLE: [[-311, 1, -4], [-316]]}), "the lists of 2022 count 1 deaths of later years, which cannot"),
        (split({"21": [[-316], [-316]]}), "key 'dates', series '21': is unknown"),
        (split(days=315), "spans 316 days, not the 315"),
        (split(days="316"), "key 'days': '316' is not a number of days"),
        (split(days=10**9), "key 'days': 1000000000 is not a number of days"),
        (split(dates=[]), "key 'dates': is not an object"),
        (split(total=1), "key 'total': is unknown; expected years to dates"),
        ({"years": [2022], "dates": {}}, "key 'days': is missing"),
        ({"days": DAYS, "dates": {}}, "key 'years': is missing"),
        (split({}), "has no week with any figure"),
        (flat(**{MARINE: [0] * 315}), "series '5' (marine): has 315 days, the first one 316"),
        (flat(**{MARINE: [-316]}), "series '5' (marine): has 1 days"),
        (flat(**{MARINE: [-1] * 316}), "-1 is negative"),
        (flat(**{"21": [0] * 316}), "series '21': is unknown"),
        ({name: days for name, days in flat().items() if name != "20"}, "series '20': is missing"),
        ({"a": 1}, "there is no series by branch among its 1 JSON documents"),
        ([1, 2], "there is no series by branch"),
    ],
)
def test_a_file_of_another_shape_is_refused(document, said):
    with pytest.raises(SourceFormatError) as caught:
        SOURCE.parse(encoded(document), PATH)
    assert said in str(caught.value)


def test_a_series_that_is_missing_is_named():
    document = split()
    del document["dates"]["20"]
    with pytest.raises(SourceFormatError, match="key 'dates', series '20': is missing"):
        SOURCE.parse(encoded(document), PATH)


def test_a_script_needs_one_series_and_only_one():
    with pytest.raises(SourceFormatError, match="are several that look like the series by branch among its 2"):
        SOURCE.parse(script(split(), split()), PATH)
    with pytest.raises(SourceFormatError, match="is no series by branch among its 1"):
        SOURCE.parse(script({"k": "it's"}), PATH)
    with pytest.raises(SourceFormatError, match="perhaps cut short"):
        SOURCE.parse(encoded(split())[:-40], PATH)
    with pytest.raises(SourceFormatError, match="is a web page"):
        SOURCE.parse(b"<!DOCTYPE html>" + script(split()), PATH)


# What only other releases and the day of release can tell.


@pytest.fixture
def archive(tmp_path):
    ticks = iter(range(10_000))
    return Archive(tmp_path / "raw", now=lambda: datetime(2024, 6, 1, tzinfo=UTC) + timedelta(seconds=next(ticks)))


@pytest.fixture
def bring(archive, tmp_path):
    def run(content, as_of):
        (tmp_path / "file").write_bytes(content)
        return upload.upload(tmp_path / "file", SOURCE.name, as_of, archive, {}, who="A. Person", why="a release")

    return run


def published(archive):
    """Deaths by release, and of the split ones by year of identification."""
    filled = assembly.assemble(SOURCE, archive, {}).tables
    totals = filled["deaths_by_branch"].groupby("as_of")["confirmed_deaths"].sum()
    years = filled["deaths_by_year_identified"].groupby(["as_of", "year_identified"])["confirmed_deaths"].sum()
    return (
        {str(as_of.date()): total for as_of, total in totals.items()},
        {(str(as_of.date()), year): total for (as_of, year), total in years.items()},
    )


def test_releases_of_both_shapes_stand_side_by_side(archive, bring):
    bring(export(), date(2023, 1, 25))
    more = split(KNOWN | {MARINE: [[-316], [2, -315]]})
    assert bring(encoded(more), RELEASE).is_news
    assert published(archive) == (
        {"2023-01-25": 16, "2023-02-20": 18},
        {("2023-02-20", 2022): 6, ("2023-02-20", 2023): 12},
    )
    # An export in the older shape is the newest reading again; it says nothing of years.
    bring(encoded(flat(**{MARINE: [3, *[0] * 315]})), date(2023, 3, 6))
    totals, years = published(archive)
    assert totals == {"2023-01-25": 16, "2023-02-20": 18, "2023-03-06": 19}
    assert {as_of for as_of, _ in years} == {"2023-02-20"}


def test_the_same_release_without_its_years_does_not_take_them_away(archive, bring):
    bring(encoded(split()), RELEASE)
    before = published(archive)
    bring(export(), RELEASE)
    assert published(archive) == before
    # The years of a release that was known without them are news.
    bring(encoded(split(KNOWN | {MARINE: [[-316], [2, -315]]})), RELEASE)
    assert published(archive)[1][("2023-02-20", 2023)] == 12


@pytest.mark.parametrize(
    ("years", "as_of", "said"),
    [
        ((2022, 2023), date(2022, 12, 31), "year in the future: it counts names identified in 2023"),
        ((2022, 2023), date(2024, 2, 1), "year missing: the names identified in 2024 are not in the release"),
        ((2022, 2023), date(2024, 1, 31), None),
        ((2022, 2023), date(2023, 1, 6), None),
    ],
)
def test_the_years_run_to_the_release(bring, years, as_of, said):
    content = encoded(split({RIFLE: [[3, -315], [1, -315]]}, years=years))
    if said is None:
        assert bring(content, as_of).is_news
        return
    with pytest.raises(RefusedFileError, match=said):
        bring(content, as_of)


BIG = {RIFLE: [[*[100] * 300, -16], [*[10] * 300, -16]], VOLUNTEERS: [[-316], [5, -315]]}


def changed(rifle):
    return encoded(split(BIG | {RIFLE: rifle}))


@pytest.mark.parametrize(
    ("later", "said"),
    [
        # All names identified in 2023 of ten weeks gone: a fiftieth of the whole, a tenth of each of these weeks.
        (changed([[*[100] * 300, -16], [-70, *[10] * 230, -16]]), "history shrunk: the names identified in 2023 fall"),
        (changed([[*[100] * 293, *[80] * 7, -16], BIG[RIFLE][1]]), "weeks shrunk: 1 of 43 weeks have fewer deaths"),
        # Three days later: weeks are cut on other days than before.
        (changed([[-3, *[100] * 297, -16], [-3, *[10] * 297, -16]]), "most that of 2022-02-24 \\(from 775 to 445\\)"),
        # Names that move within what dates of death are corrected by.
        (changed([[*[100] * 293, *[90] * 7, -16], BIG[RIFLE][1]]), None),
    ],
)
def test_a_release_in_which_names_are_missing_is_refused(bring, later, said):
    bring(encoded(split(BIG)), RELEASE)
    if said is None:
        assert bring(later, RELEASE + timedelta(14)).is_news
        return
    with pytest.raises(RefusedFileError, match=said):
        bring(later, RELEASE + timedelta(14))


def test_branches_that_change_places_are_told_by_their_weeks(bring):
    early, late = [[*[100] * 150, -166], [-316]], [[-150, *[100] * 150, -16], [-316]]
    bring(encoded(split({RIFLE: early, MARINE: late})), RELEASE)
    with pytest.raises(RefusedFileError, match=r"of 15,000 names of marine .* 14,700 .* may stand in another order"):
        bring(encoded(split({RIFLE: late, MARINE: early})), RELEASE + timedelta(14))
    # What comes to be known of names without a branch is no loss.
    bring(encoded(split({RIFLE: early, MARINE: late, NO_DATA: early})), RELEASE + timedelta(20))
    known = [[*[200] * 150, -166], [-316]]
    assert bring(
        encoded(split({RIFLE: known, MARINE: late, NO_DATA: [[*[15] * 150, -166], [-316]]})), RELEASE + timedelta(30)
    )


def test_a_year_that_goes_against_the_release_before_is_named(bring):
    bring(encoded(split()), date(2023, 1, 10))
    with pytest.raises(RefusedFileError, match="lacks the names identified in 2023, which the release of 2023-01-10"):
        all_in_one = {RIFLE: [[4, 0, 1, -307, 6, -5]], VOLUNTEERS: [[-7, 5, -308]]}
        bring(encoded(split(all_in_one, years=(2022,))), date(2023, 1, 20))


def test_a_pulled_file_with_a_year_missing_is_held_back_and_the_last_good_stays(archive):
    store(archive, SOURCE.name, PATH, export())
    before = published(archive)
    store(archive, SOURCE.name, PATH, encoded(split(years=(2022, 2024))))
    assert published(archive) == before
    (held,) = archive.files(SOURCE.name, ["rejected"])
    assert "lacks 2023" in held.reason


PROBATE = SOURCES["probate_estimates"]
WEEKS = [
    {"w": "21.02.2022", "rnd": 456.1974551665733, "real": 437},
    {"w": "28.02.2022", "rnd": 0, "real": 0},
    {"w": "current_date", "rnd": None, "real": "22.05.2026"},
    {"w": "last_total", "rnd": None, "real": 1},
]


@pytest.mark.parametrize("content", [encoded(WEEKS), script({"k": 1}, WEEKS)])
def test_the_probate_estimate_stands_in_the_same_file(content):
    frame = PROBATE.parse(content, PROBATE.path)
    assert frame["week_start"].dt.date.tolist() == [date(2022, 2, 21), date(2022, 2, 28)]
    assert frame["documented_deaths"].tolist() == [437, 0]
    assert frame["probate_estimate"].tolist() == [456.1974551665733, 0.0]


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        ([*WEEKS[:1], {"w": "07.03.2022", "rnd": 1, "real": 1}], "line 2, column 'week'"),
        ([*WEEKS[:1], {"w": "28.02.2022", "rnd": None, "real": 1}], "column 'rnd': 'None'"),
        ([*WEEKS[:1], {"w": "28.02.2022", "real": 1}], "entry 2: is no object of w, real and rnd"),
        ([*WEEKS[:1], {"w": "next_date", "rnd": 1, "real": 1}], "'next_date' is not a date"),
        (WEEKS[2:], "has no weeks"),
        ({"w": 1}, "there is no list of weeks"),
    ],
)
def test_probate_weeks_of_another_shape_are_refused(weeks, said):
    with pytest.raises(SourceFormatError) as caught:
        PROBATE.parse(encoded(weeks), PROBATE.path)
    assert said in str(caught.value)
