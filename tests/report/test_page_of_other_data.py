"""Other vintages, other gaps: the page says what is missing and never breaks or shows an empty frame."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.report.figure import NARROW, WIDE, Figure
from orchestration.report.figures import (
    branches,
    claims,
    completeness,
    deaths_as_known,
    expected_deaths,
    per_km2,
    recruits,
    territory,
    totals,
)
from orchestration.report.page import SECTIONS, write_report
from tests.report.made_up import export_of, vintages_of

MadeUp = Callable[..., Path]


def figure_of(module, path: Path) -> Figure:
    with duckdb.connect(str(path), read_only=True) as connection:
        return module.figure(connection)


def test_empty_release_says_so_everywhere(emptied: Path, tmp_path: Path) -> None:
    report = write_report(emptied, tmp_path / "report")
    assert set(report.missing) == {module.NAME for section in SECTIONS for module in section.figures}
    html = report.index.read_text(encoding="utf-8")
    for sentence in report.missing.values():
        assert sentence.endswith(".")
        assert sentence in html
    assert 'role="img"' not in html
    assert not list(report.index.parent.glob("*.png"))
    assert "No published statement" in html


def test_one_vintage_is_one_line_and_nothing_expected(made_up: MadeUp, tmp_path: Path) -> None:
    path = made_up(**vintages_of({date(2024, 3, 1): 5}))
    figure = figure_of(deaths_as_known, path)
    assert "the one date this release knows them at" in figure.title
    assert [column for column in figure.table.headings if column.startswith("confirmed")] == [
        "confirmed_deaths_as_of_2024_03_01"
    ]
    assert "probate" not in figure.subtitle
    assert "two vintages" in (figure_of(expected_deaths, path).missing or "")
    report = write_report(path, tmp_path / "report")
    assert "deaths-as-known" not in report.missing
    assert {"expected-deaths", "completeness"} <= set(report.missing)


@pytest.mark.parametrize(
    ("now", "wording"),
    [(12, "Recent weeks look quiet"), (6, "still being counted"), (5, "hardly changed"), (4, "Counts also fall")],
)
def test_title_of_the_weeks_follows_what_changed(made_up: MadeUp, now: int, wording: str) -> None:
    path = made_up(**vintages_of({date(2024, 3, 1): 5, date(2025, 3, 1): now}))
    assert wording in figure_of(deaths_as_known, path).title


@pytest.mark.parametrize(
    ("as_of", "weekly", "ends"),
    [
        # A year of confirmation later, by weeks of its own: the newest reading stands first.
        (
            date(2025, 6, 1),
            70,
            "910 by the weekly export of 1\u00a0June 2025, 819 by the list of 1\u00a0March 2025",
        ),
        # Older than the newest daily list, it has no say in what is known now.
        (date(2024, 12, 1), 70, "819 by the list of 1\u00a0March 2025 and 455 by the list of 1\u00a0March 2024"),
    ],
)
def test_newest_reading_makes_the_title(made_up: MadeUp, as_of: date, weekly: int, ends: str) -> None:
    tables = vintages_of({date(2024, 3, 1): 5, date(2025, 3, 1): 9})
    tables["int_list_readings"] += export_of(as_of, weekly)
    figure = figure_of(deaths_as_known, made_up(**tables))
    assert ends in figure.title
    assert ("older than the newest daily list" in figure.subtitle) == (as_of < date(2025, 3, 1))
    assert {row["week_start"].weekday() for row in figure.table.rows if row["weekly_export"] == weekly} == {3}
    assert figure.draw is not None
    assert "weekly export, known" in figure.draw(NARROW).to_json()


def test_export_that_ends_early_is_compared_as_far_as_it_goes(made_up: MadeUp) -> None:
    tables = vintages_of({date(2024, 3, 1): 5, date(2025, 3, 1): 9})
    tables["int_list_readings"] += export_of(date(2025, 9, 1), 70, weeks=14)
    figure = figure_of(deaths_as_known, made_up(**tables))
    assert "for the 13 weeks to 10\u00a0January 2024" in figure.title
    tables["int_list_readings"] = [
        row for row in tables["int_list_readings"] if row["reading"] == "daily_vintage"
    ] + export_of(date(2025, 9, 1), 70, weeks=5)
    figure = figure_of(deaths_as_known, made_up(**tables))
    assert "no quarter of weeks is covered by earlier readings too" in figure.title


def test_a_change_of_method_between_readings_is_named(made_up: MadeUp) -> None:
    tables = vintages_of({date(2024, 3, 1): 5, date(2025, 3, 1): 9})
    broken = [{"source": "confirmed_deaths", "break_date": date(2024, 9, 1), "what_changed": "matched with a register"}]
    figure = figure_of(deaths_as_known, made_up(**tables, method_breaks=broken))
    assert "the list changed its method on 1\u00a0September 2024" in figure.title
    assert "differ by this, not by time alone" in figure.notes[0]


def weeks_expected(**later: object) -> dict[str, list[dict]]:
    tables = vintages_of({date(2024, 3, 1): 5, date(2025, 3, 1): 9})
    for row in tables["deaths_by_week"]:
        row |= {
            "status": "provisional",
            "expected_deaths_6m": 100.0,
            "expected_low": 80.0,
            "expected_high": 150.0,
        } | later
    return tables


@pytest.mark.parametrize(
    ("later", "title"),
    [
        ({}, "of what it was expected to show by August 2025: 1,260 of about 2,000 names"),
        (
            {"later_as_of": date(2025, 6, 1), "later_confirmed_deaths": 90, "is_overtaken": False},
            "1,800 names are known by 1\u00a0June 2025; from the 1,260 on the list of 1\u00a0March 2025, 2,000 were ",
        ),
        (
            {"later_as_of": date(2025, 6, 1), "later_confirmed_deaths": 120, "is_overtaken": True},
            "Overtaken: for the 20 weeks to 18\u00a0February 2024, 2,400 names are known",
        ),
    ],
)
def test_expectation_gives_way_to_what_is_known(made_up: MadeUp, later: dict, title: str) -> None:
    figure = figure_of(expected_deaths, made_up(**weeks_expected(**later)))
    assert title in figure.title
    assert ("known later" in figure.draw(WIDE).to_json()) == bool(later)


def test_expectation_across_a_change_of_method_says_so(made_up: MadeUp) -> None:
    tables = weeks_expected()
    tables["expected_deaths_history"] = [
        {"as_of": row["as_of"], "week_start": row["week_start"], "break_date": date(2025, 5, 1)}
        for row in tables["deaths_by_week"]
    ]
    broken = [{"source": "confirmed_deaths", "break_date": date(2025, 5, 1), "what_changed": "matched with a register"}]
    figure = figure_of(expected_deaths, made_up(**tables, method_breaks=broken))
    assert "by August 2025, before its method changed in May 2025" in figure.title
    assert "no pace could tell of these names" in figure.notes[0]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ((18, 3, 18), "Of 18 such readings of 3 quarters now over a year old, 18 ended as a rise."),
        ((1, 1, 0), "Of 1 such reading of 1 quarter now over a year old, 0 ended as a rise."),
        ((0, 0, 0), "it is not known how far that holds"),
    ],
)
def test_a_trend_is_never_said_without_its_record(made_up: MadeUp, record: tuple, words: str) -> None:
    statements, quarters, rises = record
    trend = {
        "as_of": date(2025, 3, 1),
        "period": "2024-Q3",
        "previous_period": "2024-Q2",
        "reading": "a smaller fall is left",
        "confirmed_change": -0.4,
        "expected_change": -0.1,
        "record_statements": statements,
        "record_quarters": quarters,
        "record_ended_as_rise": rises,
    }
    figure = figure_of(expected_deaths, made_up(**weeks_expected(), quarter_trend=[trend]))
    assert any(words in note for note in figure.notes)


def test_a_band_ruled_out_by_a_later_estimate_says_so(made_up: MadeUp) -> None:
    band = {"claimant": "we", **estimate("coverage_band", date(2025, 1, 1), low=7, high=9)}
    against = {
        "as_of": date(2025, 1, 1),
        "method": "in words",
        "claimant": "we",
        "is_contradicted": True,
        "later_as_of": date(2026, 1, 1),
        "later_through": date(2024, 12, 29),
        "later_estimate": 12,
    }
    stated = {
        "as_of": date(2025, 1, 1),
        "method": "named list / coverage band",
        "scope": "Russian forces excl. DPR/LPR militias",
        "is_derived": True,
        "is_contradicted": True,
    }
    path = made_up(int_toll_estimates=[band], int_toll_contradictions=[against], toll_estimates=[stated])
    (note,) = figure_of(totals, path).notes
    assert "Of the 1 date it can be computed at, a later estimate rules it out at 1" in note
    assert "12 killed by 29\u00a0December 2024, as estimated on 1\u00a0January 2026" in note


def test_vintages_are_chosen_by_their_age(made_up: MadeUp) -> None:
    newest = date(2026, 6, 20)
    every_ten_days = {newest - timedelta(days=10 * step): 5 for step in range(90)}
    figure = figure_of(deaths_as_known, made_up(**vintages_of(every_ten_days)))
    shown = [
        date.fromisoformat(column.removeprefix("confirmed_deaths_as_of_").replace("_", "-"))
        for column in figure.table.headings
        if column.startswith("confirmed")
    ]
    ages = [(newest - as_of).days for as_of in shown]
    assert len(shown) == 6
    for age, target in zip(ages, (0, 30, 91, 182, 365, 730), strict=True):
        assert target - 2 <= age <= target + 11


def test_frozen_weeks_expect_nothing(made_up: MadeUp) -> None:
    tables = vintages_of({date(2024, 3, 1): 5, date(2025, 3, 1): 9})
    for row in tables["deaths_by_week"]:
        row |= {"status": "frozen", "expected_deaths_6m": 70, "expected_low": 60, "expected_high": 90}
    assert "nobody has reviewed" in (figure_of(expected_deaths, made_up(**tables)).missing or "")


def test_counts_above_what_is_expected_stay_readable(made_up: MadeUp) -> None:
    tables = vintages_of({date(2024, 3, 1): 9, date(2025, 3, 1): 8})
    months = [
        {
            "period": f"2024-{month:02d}",
            "period_start": date(2024, month, 1),
            "period_end": date(2024, month + 1, 1) - timedelta(days=1),
            "is_partial_period": False,
            "status": "usable",
            "expected_deaths_6m": 200.0,
        }
        for month in (1, 2)
    ]
    figure = figure_of(completeness, made_up(**tables, deaths_by_month=months))
    assert figure.missing is None
    assert max(row["completeness"] for row in figure.table.rows) > 1
    assert figure.draw is not None
    assert figure.draw(NARROW).to_dict()


def estimate(method_code: str, as_of: date, measure: str = "estimated_killed", **values: int | date) -> dict:
    return {"measure": measure, "method_code": method_code, "as_of": as_of, "method": "in words", **values}


def test_ladder_of_bounds_only(made_up: MadeUp) -> None:
    path = made_up(
        int_toll_estimates=[
            estimate("probate_registry", date(2024, 1, 1), low=5),
            estimate("coverage_band", date(2024, 1, 1), low=7, high=9),
        ]
    )
    figure = figure_of(totals, path)
    assert "at least 5 are estimated from the probate registry (1\u00a0January 2024)" in figure.title
    assert "7 to 9" in figure.description
    assert figure.draw is not None
    assert figure.draw(WIDE).to_dict()


def test_band_alone_is_a_ladder_too(made_up: MadeUp) -> None:
    path = made_up(int_toll_estimates=[estimate("coverage_band", date(2024, 1, 1), low=7, high=9)])
    assert figure_of(totals, path).title == "7 to 9 deaths are estimated (1\u00a0January 2024)"


def test_ladder_goes_by_codes_and_takes_the_newest(made_up: MadeUp) -> None:
    """Every release of the probate estimate stands, of the others the newest; what is on no rung is left out."""
    path = made_up(
        int_toll_estimates=[
            estimate("probate_registry", date(2024, 1, 1), central=5),
            estimate("probate_registry", date(2025, 1, 1), central=6),
            estimate("probate_registry", date(2025, 2, 1), "killed_and_wounded_estimated", central=90),
            estimate("dated_names", date(2024, 1, 1), "confirmed_dated", central=1),
            estimate("dated_names", date(2025, 1, 1), "confirmed_dated", central=2),
            estimate("intelligence", date(2025, 1, 1), central=70),
            estimate("coverage_band", date(2025, 1, 1)),
        ]
    )
    rows = figure_of(totals, path).table.rows
    assert [(row["rung"], row["as_of"].year, row["central"]) for row in rows] == [
        ("dated", 2025, 2),
        ("probate estimate", 2024, 5),
        ("probate estimate", 2025, 6),
    ]


def test_only_counts_of_the_list_stand_on_its_rung(made_up: MadeUp) -> None:
    batch = "10 names more in 2 days, 3.0 times the pace before"
    path = made_up(
        int_toll_estimates=[
            estimate("named_list", date(2026, 9, 10), "confirmed_named", central=248),
            estimate("named_list", date(2026, 9, 22), "confirmed_named", central=258),
            estimate("named_list_rounded", date(2026, 10, 1), "confirmed_named", central=300),
            estimate("named_list_copy", date(2026, 10, 2), "confirmed_named", central=301),
        ],
        list_readings=[
            {"reading": "named_total", "as_of": date(2026, 9, 22), "names": 258, "flagged_because": batch},
            {"reading": "named_total", "as_of": date(2026, 9, 10), "names": 248, "flagged_because": "of another day"},
        ],
    )
    figure = figure_of(totals, path)
    assert [row["central"] for row in figure.table.rows] == [258]
    assert figure.notes == [f"The list of 22\u00a0September 2026 had {batch}."]


def test_one_estimate_in_print_and_by_week_is_one_rung(made_up: MadeUp) -> None:
    path = made_up(
        int_toll_estimates=[
            estimate("probate_registry", date(2026, 5, 9), central=352, deaths_through=date(2025, 12, 31)),
            estimate("probate_registry", date(2026, 5, 22), central=351, deaths_through=date(2025, 12, 28)),
            estimate("probate_registry", date(2025, 2, 24), central=165, deaths_through=date(2024, 12, 31)),
        ]
    )
    assert [row["central"] for row in figure_of(totals, path).table.rows] == [165, 351]


def quarter(year: int, number: int) -> dict:
    start = date(year, 3 * number - 2, 1)
    end = (start + timedelta(days=95)).replace(day=1) - timedelta(days=1)
    return {"grain": "quarter", "period": f"{year}-Q{number}", "period_start": start, "period_end": end}


def test_a_quarter_without_recruits_is_seen_to_be_empty(made_up: MadeUp) -> None:
    path = made_up(
        int_periods=[quarter(2024, number) for number in (1, 2, 3, 4)],
        recruitment_vs_losses=[
            {**quarter(2024, number), "basis": "intelligence", "recruits_low": 10, "verdict": "unknown"}
            for number in (1, 3)
        ],
    )
    figure = figure_of(recruits, path)
    assert [row["period"] for row in figure.table.rows] == ["2024-Q1", "2024-Q3"]
    assert figure.draw is not None
    assert '["2024-Q1", "2024-Q2", "2024-Q3"]' in figure.draw(WIDE).to_json(indent=None)


def test_unknown_basis_has_a_mark_of_its_own(made_up: MadeUp, tmp_path: Path) -> None:
    path = made_up(
        int_periods=[quarter(2024, 1)],
        recruitment_vs_losses=[
            {**quarter(2024, 1), "basis": "hearsay", "recruits_high": 10, "verdict": "unknown"},
        ],
    )
    figure = figure_of(recruits, path)
    assert "hearsay: at most 10 recruits, no whole claim" in figure.description
    assert figure.draw is not None
    assert "hearsay" in figure.draw(WIDE).to_json()
    assert write_report(path, tmp_path / "report").missing.keys() & {"recruits-and-losses"} == set()


def test_a_balance_of_one_page_stands_below_the_quarters(made_up: MadeUp) -> None:
    window = {
        "grain": "year_to_date",
        "period": "2026-01..07",
        "period_start": date(2026, 1, 1),
        "period_end": date(2026, 7, 31),
        "basis": "intelligence",
        "claimant": "Somebody",
        "verdict": "unknown",
        "source_urls": "https://a.example/1 https://a.example/2",
    }
    balance = {"recruits": 232, "stated_casualties": 240, "recruits_minus_stated_casualties": -8}
    path = made_up(
        int_periods=[quarter(2026, 1)],
        recruitment_vs_losses=[
            {**quarter(2026, 1), "basis": "intelligence", "recruits_high": 10, "verdict": "unknown"},
            window | balance,
            {**window, "period_end": date(2026, 8, 31), "recruits": 300},
        ],
    )
    figure = figure_of(recruits, path)
    assert [row["period"] for row in figure.table.rows] == ["2026-Q1"]
    (note,) = figure.notes
    assert note.startswith("Somebody, of 1\u00a0January 2026 to 31\u00a0July 2026")
    assert note.endswith("232 recruits, 240 killed and wounded (a.example).")


def month_of_area(start: date, net: float, source: str = "DeepState") -> dict:
    return {
        "grain": "month",
        "period": f"{start:%Y-%m}",
        "period_start": start,
        "period_end": (start + timedelta(days=32)).replace(day=1) - timedelta(days=1),
        "area_source": source,
        "area_series": source,
        "net_km2": net,
    }


def test_months_apart_are_panels_apart(made_up: MadeUp) -> None:
    months = [date(2023, 1, 1), date(2023, 2, 1), date(2024, 6, 1)]
    path = made_up(
        losses_per_km2=[month_of_area(start, 10) for start in months]
        + [{**month_of_area(date(2023, month, 1), 0), "net_km2": None} for month in range(3, 13)]
        + [{**month_of_area(date(2024, month, 1), 0), "net_km2": None} for month in range(1, 6)]
    )
    figure = figure_of(territory, path)
    assert "in the June 2024" not in figure.title
    assert "by 10\u00a0km² in June 2024" in figure.title, "a month after a gap is not summed with those before it"
    assert figure.draw is not None
    assert len(figure.draw(WIDE).to_dict()["hconcat"]) == 2
    assert "scales of their own" in figure.subtitle


def test_area_of_another_source_only(made_up: MadeUp) -> None:
    figure = figure_of(territory, made_up(losses_per_km2=[month_of_area(date(2024, 1, 1), -3, "Survey")]))
    assert figure.title == "Russian forces lost a net 3\u00a0km² in January 2024, per Survey"
    assert figure.draw is not None
    assert figure.draw(NARROW).to_dict()


def test_months_of_a_publisher_are_not_summed_and_a_bound_is_no_figure(made_up: MadeUp) -> None:
    rows = [month_of_area(date(2024, number, 1), 100 * number, "AFP/ISW") for number in (1, 2, 3)]
    rows[-1]["area_is_bound"] = True
    assert figure_of(territory, made_up(losses_per_km2=rows)).title.startswith(
        "Russian forces gained a net 200\u00a0km² in February 2024"
    )
    assert "but as over or nearly" in figure_of(territory, made_up(losses_per_km2=rows[-1:])).title


@pytest.mark.parametrize(
    ("series", "code", "words"),
    [
        ("AFP/ISW", "control", "per AFP/ISW (control)"),
        ("AFP/ISW, with claimed areas", "control_and_claimed", "per AFP/ISW (control and claimed areas)"),
        ("Survey", "seen_from_above", "per Survey (seen from above)"),
        ("deepstate_history", "control", "per DeepState, history (control)"),
    ],
)
def test_title_of_an_area_names_its_definition(made_up: MadeUp, series: str, code: str, words: str) -> None:
    row = {**month_of_area(date(2026, 7, 1), 30, series), "area_definition": code}
    figure = figure_of(territory, made_up(losses_per_km2=[row]))
    assert words in figure.title
    assert figure.draw is not None
    assert figure.draw(NARROW).to_dict()


def test_title_of_ratios_says_each_definition_once(made_up: MadeUp) -> None:
    rows = [
        {
            **quarter(2024, 4),
            "area_source": "AFP/ISW",
            "area_series": series,
            "area_definition": code,
            "net_km2": net,
            "probate_estimate_per_km2": 1000 / net,
            "as_of": date(2026, 1, 30),
            "probate_as_of": date(2026, 5, 22),
            "claims_as_of": date(2026, 7, 1),
        }
        for series, code, net in (
            ("AFP/ISW", "control", 100),
            ("AFP/ISW, with claimed areas", "control_and_claimed", 200),
        )
    ]
    title = figure_of(per_km2, made_up(losses_per_km2=rows)).title
    assert title.endswith("10 (AFP/ISW (control)) and 5.0 (AFP/ISW (control and claimed areas))")


def test_recruits_of_two_bases_are_counted_apart(made_up: MadeUp) -> None:
    verdicts = [("federal_budget", 1, "below"), ("federal_budget", 2, "exceeds"), ("intelligence", 1, "exceeds")]
    path = made_up(
        int_periods=[quarter(2024, number) for number in (1, 2)],
        recruitment_vs_losses=[
            {**quarter(2024, number), "basis": basis, "recruits_low": 10, "verdict": verdict}
            for basis, number, verdict in verdicts
        ],
    )
    title = figure_of(recruits, path).title
    assert title.endswith("federal budget, fewer in 1 and more in 1 of 2; intelligence, more in 1 of 1")


def test_weeks_of_no_deaths_are_no_composition(made_up: MadeUp) -> None:
    week = {"as_of": date(2024, 5, 1), "week_start": date(2024, 1, 4), "branch": "nd", "branch_group": "no data"}
    assert figure_of(branches, made_up(deaths_by_branch=[week | {"confirmed_deaths": 0}])).missing
    figure = figure_of(branches, made_up(deaths_by_branch=[week | {"confirmed_deaths": 3}]))
    assert figure.title.startswith("No confirmed death on the list is that of a volunteer")


def test_branches_of_a_long_war_have_a_title(made_up: MadeUp) -> None:
    """Each of forty years holds a small share of all names, and is well known all the same."""
    weeks = [
        {
            "as_of": date(2064, 5, 1),
            "week_start": date(year, 3, 6),
            "branch": "vol",
            "branch_group": "volunteers" if year == 2050 else "mobilised",
            "confirmed_deaths": 100,
        }
        for year in range(2024, 2064)
    ]
    assert "of the confirmed dead of 2050" in figure_of(branches, made_up(deaths_by_branch=weeks)).title


def test_claim_of_an_unknown_verdict_is_shown(made_up: MadeUp) -> None:
    path = made_up(
        published_claims=[
            {"claim_id": "C1", "claim": "<b>x</b>", "verdict": "new", "unit": "date", "stated_low": 20240220}
        ]
    )
    with duckdb.connect(str(path), read_only=True) as connection:
        card = claims.scorecard(connection)
    assert card.rows[0]["stated"] == "2024-02-20"
    assert card.rows[0]["verdict"] == "new"


def test_scorecard_counts_one_and_more(made_up: MadeUp) -> None:
    verdicts = ["superseded", "not_numeric", "not_numeric"]
    path = made_up(
        published_claims=[{"claim_id": f"C{index}", "verdict": verdict} for index, verdict in enumerate(verdicts)]
    )
    with duckdb.connect(str(path), read_only=True) as connection:
        title = claims.scorecard(connection).title
    assert title == "Of 3 published statements, one held when made and does not now and 2 hold no figure to test"


def test_scorecard_counts_readings_of_a_statement_as_readings(made_up: MadeUp) -> None:
    path = made_up(
        published_claims=[
            {"claim_id": "C1", "statement_id": "C1", "verdict": "superseded"},
            {"claim_id": "C1b", "statement_id": "C1", "verdict": "contradicted"},
        ]
    )
    with duckdb.connect(str(path), read_only=True) as connection:
        title = claims.scorecard(connection).title
    assert title == (
        "Of 2 readings of 1 published statement, one held when made and does not now and one holds neither then nor now"
    )


def test_every_verdict_of_the_mart_has_words(published: duckdb.DuckDBPyConnection) -> None:
    (described,) = published.execute(
        "select description from data_dictionary where table_name = 'published_claims' and column_name = 'verdict'"
    ).fetchone()
    assert claims.VERDICTS.keys() == claims.TALLIES.keys()
    assert all(verdict in described for verdict in claims.VERDICTS)


def test_a_claim_is_shown_as_it_was_made(made_up: MadeUp) -> None:
    rows = [
        {"claim_id": "C1", "kind": "more_than", "unit": "ratio", "stated_in_words": 1.0, "computed_now": 1.45},
        {"claim_id": "C2", "kind": "pair", "unit": "persons", "stated_low": 5, "stated_high": 5},
        {"claim_id": "C3", "kind": "positive", "unit": "RUB", "computed_then": 5000.0},
        {"claim_id": "C4", "kind": "positive", "unit": "qualitative", "computed_then": 5000.0},
        {"claim_id": "C5", "kind": "count", "unit": "persons", "input_ends_on": date(2025, 1, 18)},
    ]
    with duckdb.connect(str(made_up(published_claims=rows)), read_only=True) as connection:
        shown = claims.scorecard(connection).rows
    assert [row["stated"] for row in shown] == ["more than 1", "5 and 5", "above zero", "–", "–"]
    assert shown[3]["then"] == "see why"
    assert shown[4]["now_as_of"] == "an input ends on 2025-01-18"


def test_text_of_the_data_is_never_markup(made_up: MadeUp, tmp_path: Path) -> None:
    path = made_up(
        published_claims=[{"claim_id": "C1", "claim": "<b>x</b>", "verdict": "not_numeric", "explanation": "<i>"}],
        source_status=[{"source": "x", "title": "<img src=x>", "publisher": "p", "url": "javascript:alert(1)"}],
    )
    html = write_report(path, tmp_path / "report").index.read_text(encoding="utf-8")
    assert "<b>x</b>" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


@pytest.mark.parametrize(("is_used", "through"), [(True, "1 Aug 2026"), (False, "1 Jul 2026")])
def test_the_claims_are_dated_by_the_source_they_come_from(
    changed: Callable[[str], Path], is_used: bool, through: str
) -> None:
    path = changed(
        "update source_status set last_observation = date '2026-08-01' where source = 'claimed_losses_second';"
        "update source_status set last_observation = date '2026-07-01' where source = 'claimed_losses';"
        "update claimed_casualties_by_day set source = 'claimed_losses_second'"
        f" where {is_used} and report_date = (select max(report_date) from claimed_casualties_by_day)"
    )
    for module in (totals, recruits):
        source = figure_of(module, path).source.replace("\N{NO-BREAK SPACE}", " ")
        assert f"General Staff of the Armed Forces of Ukraine (through {through})" in source
