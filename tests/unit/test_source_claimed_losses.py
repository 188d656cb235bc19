"""Claims of the Ukrainian General Staff: key sets, corrections, falling figures."""

import json
from datetime import UTC, datetime

import pytest

from orchestration.sources import SOURCES, TABLES, tables
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.intake.archive import Archive, blob_sha
from orchestration.sources.intake.gate import Reader

SOURCE = SOURCES["claimed_losses"]

PERSONNEL = "data/russia_losses_personnel.json"
EQUIPMENT = "data/russia_losses_equipment.json"
CORRECTION = "data/russia_losses_equipment_correction.json"


def parse(records, path=EQUIPMENT):
    return SOURCE.parse(json.dumps(records).encode(), path)


@pytest.fixture
def observe(tmp_path):
    def run(files, shipped=None):
        archive = Archive(
            tmp_path / f"raw{len(list(tmp_path.iterdir()))}", now=lambda: datetime(2024, 1, 1, tzinfo=UTC)
        )
        for path, records in files.items():
            content = json.dumps(records).encode()
            archive.store("claimed_losses", path, content, blob_sha(content))
        known = tables.empty(TABLES["claimed_losses"]) if shipped is None else shipped
        table = SOURCE.assemble(
            archive.files("claimed_losses", ["new"]), {"claimed_losses": known}, Reader(SOURCE), tmp_path
        )
        return table["claimed_losses"]

    return run


def rows(table):
    return [(r.report_date.day, r.category, r.claimed_losses_cum, r.correction) for r in table.itertuples()]


def test_every_known_key_becomes_a_category_and_the_rest_is_left_out_knowingly():
    frame = parse(
        [{"date": "2024-01-02", "day": 1, "APC": 5, "mobile SRBM system": 4, "greatest losses direction": "Bakhmut"}]
    )
    assert dict(zip(frame["category"], frame["claimed_losses_cum"], strict=True)) == {"apc": 5, "mobile_srbm_system": 4}
    people = parse([{"date": "2024-01-02", "day": 1, "personnel": 9, "personnel*": "about", "POW": 2}], PERSONNEL)
    assert people["category"].tolist() == ["personnel", "pow"]


@pytest.mark.parametrize("path", [EQUIPMENT, CORRECTION])
def test_a_new_category_is_taken_under_the_name_it_is_reported_by(path):
    frame = parse(
        [{"date": "2024-01-01", "tank": 1}, {"date": "2024-01-02", "tank": 2, "Unmanned boats / ferries": 3}], path
    )
    assert frame["category"].tolist() == ["tank", "tank", "unmanned_boats_ferries"]


def test_the_set_of_figures_of_people_is_closed():
    with pytest.raises(SourceFormatError, match=r"key 'deserters': is unknown; expected personnel, POW"):
        parse([{"date": "2024-01-02", "personnel": 9, "deserters": 3}], PERSONNEL)


def test_a_category_absent_on_a_day_has_no_row(observe):
    table = observe({EQUIPMENT: [{"date": "2024-01-01", "tank": 1, "drone": 0}, {"date": "2024-01-02", "tank": 2}]})
    assert rows(table) == [(1, "drone", 0, 0), (1, "tank", 1, 0), (2, "tank", 2, 0)]


def test_falling_figures_are_kept_and_carry_their_correction(observe):
    table = observe(
        {
            EQUIPMENT: [{"date": "2024-01-01", "tank": 10}, {"date": "2024-01-02", "tank": 7}],
            CORRECTION: [{"date": "2024-01-02", "day": 2, "tank": -3, "drone": 0, "personnel": 0}],
            PERSONNEL: [{"date": "2024-01-02", "personnel": 100, "personnel*": "about"}],
        }
    )
    assert rows(table) == [(1, "tank", 10, 0), (2, "personnel", 100, 0), (2, "tank", 7, -3)]


def test_pulled_figures_add_to_the_embedded_ones_and_override_them(observe):
    shipped = observe(
        {
            EQUIPMENT: [{"date": "2024-01-01", "tank": 1}, {"date": "2024-01-02", "tank": 2}],
            CORRECTION: [{"date": "2024-01-01", "tank": 1}],
        }
    )
    table = observe({EQUIPMENT: [{"date": "2024-01-02", "tank": 5}, {"date": "2024-01-03", "tank": 6}]}, shipped)
    # The correction of the first day stays: only the figures were pulled.
    assert rows(table) == [(1, "tank", 1, 1), (2, "tank", 5, 0), (3, "tank", 6, 0)]
    withdrawn = observe({CORRECTION: [{"date": "2024-01-01", "tank": 0}]}, shipped)
    assert rows(withdrawn)[0] == (1, "tank", 1, 0)
    assert observe({}, shipped).equals(shipped)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (
            {"date": "2024-01-02", "tank": 1, "personnel": 3},
            "entry 1 (2024-01-02), key 'personnel': is a figure of people",
        ),
        ({"date": "2024-01-02", "tank": 1, "<b>tank</b>": 3}, "is no name of a category"),
        ({"date": "2024-01-02", "tank": 1, "x" * 61: 3}, "is no name of a category"),
        ({"date": "2024-01-02", "tank": 1, "Tank": 1}, "names the same category as 'tank'"),
        ({"date": "2024-01-02", "tank": 1, "weather": "fog"}, "key 'weather': 'fog' is not a whole number"),
        ({"date": "2024-01-02", "tank": -1}, "key 'tank': -1 is negative"),
        ({"date": "2024-01-02", "tank": 1.0}, "key 'tank': 1.0 is not a whole number"),
        ({"date": "2024-01-02", "tank": True}, "key 'tank': True is not a whole number"),
        ({"date": "2024-01-02", "tank": "1"}, "key 'tank': '1' is not a whole number"),
        ({"date": "2024-01-02", "tank": None}, "key 'tank': None is not a whole number"),
        ({"date": "02.01.2024", "tank": 1}, "'02.01.2024' is not a date"),
        ({"date": "2024-01-02"}, "entry 1 (2024-01-02): has no figure"),
        ({"tank": 1}, "entry 1, key 'date': is missing"),
    ],
)
def test_a_record_of_another_shape_is_refused(record, said):
    with pytest.raises(SourceFormatError) as caught:
        parse([record])
    assert said in str(caught.value)
    assert EQUIPMENT in str(caught.value)


def test_a_later_day_without_figures_is_refused():
    with pytest.raises(SourceFormatError, match=r"entry 2 .* has no figure"):
        parse([{"date": "2024-01-01", "tank": 1}, {"date": "2024-01-02", "day": 3}])


def test_personnel_must_be_in_the_personnel_file():
    with pytest.raises(SourceFormatError, match="has no figure"):
        parse([{"date": "2024-01-02", "POW": 1}], PERSONNEL)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'[{"date": "2024-01-02", "tank": 1}, {"da', "cut short"),
        (b"<html><body>Sign in</body></html>", "web page"),
        (b"{}", "not a list of days"),
        (b"[]", "not a list of days"),
        (b'[{"date": "2024-01-02", "tank": 1, "tank": 2}]', "key 'tank': appears twice"),
        (b'[{"date": "2024-01-02", "tank": NaN}]', "NaN"),
        (b'[{"date": "2024-01-02", "tank": 1}, {"date": "2024-01-02", "tank": 1}]', "appears a second time"),
    ],
)
def test_a_document_of_another_shape_is_refused(content, said):
    with pytest.raises(SourceFormatError) as caught:
        SOURCE.parse(content, EQUIPMENT)
    assert said in str(caught.value)


def test_another_file_is_refused():
    with pytest.raises(SourceFormatError, match="file name"):
        parse([{"date": "2024-01-02", "tank": 1}], "data/russia_losses_equipment_oryx.json")
