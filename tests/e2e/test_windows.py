"""What the macros say of a window is what the tables say of the same days, and what a part is says so."""

import pytest

FIGURES = (
    "confirmed_deaths, confirmed_covered_days, as_of, probate_as_of, probate_covered_days, probate_forecast_days, \
claims_as_of, claims_covered_days, period_days"
)


@pytest.mark.parametrize("grain", ["month", "quarter", "half", "year"])
def test_a_window_of_a_period_has_the_figures_of_the_period(published, grain: str) -> None:
    periods = published.execute(
        f"select period, period_start, period_end, probate_estimate, claimed_casualties, {FIGURES}"
        f" from deaths_by_{grain} order by period desc limit 12"
    ).fetchall()
    assert periods
    for period, start, end, estimate, claimed, *figures in periods:
        window = published.execute(
            f"select probate_estimate, claimed_casualties, {FIGURES} from losses_between(?, ?)", [start, end]
        ).fetchone()
        assert list(window[2:]) == figures, period
        # Where the table gives no total, the window gives the part of it that there is.
        assert estimate in (None, pytest.approx(window[0], abs=0.11)), period
        assert claimed in (None, window[1]), period


def test_a_window_has_the_area_of_the_same_days(published) -> None:
    areas = published.execute(
        "select period, period_start, period_end, net_km2, gained_km2, lost_km2, area_from, area_to, area_as_of"
        " from losses_per_km2 where area_source = 'DeepState' and net_km2 is not null and period_end > '2024-08-01'"
    ).fetchall()
    assert areas
    for period, start, end, *figures in areas:
        window = published.execute(
            "select net_km2, gained_km2, lost_km2, area_from, area_to, area_as_of from losses_between(?, ?)",
            [start, end],
        ).fetchone()
        assert list(window[:3]) == pytest.approx(figures[:3]), period
        assert list(window[3:]) == figures[3:], period


def test_the_part_of_2025_that_every_series_covers_can_be_asked_for(published) -> None:
    (through,) = published.execute(
        "select max(week_start) + 6 from probate_estimate_by_week"
        " where as_of = (select max(as_of) from probate_estimate_by_week)"
    ).fetchone()
    covered = published.execute(
        "select distinct unnest([confirmed_covered_days, probate_covered_days, claims_covered_days,"
        " area_covered_days]) = period_days from losses_between('2025-01-01', least(?::date, date '2025-12-28'))",
        [through],
    ).fetchall()
    assert covered == [(True,)]


@pytest.mark.parametrize("window", [("2019-01-01", "2020-12-31"), ("2099-01-01", "2099-12-31")])
def test_a_window_that_nothing_covers_has_no_figures(published, window: tuple[str, str]) -> None:
    figures = published.execute(
        "select confirmed_deaths, probate_estimate, claimed_casualties, net_km2, confirmed_covered_days,"
        " probate_covered_days, claims_covered_days, area_covered_days from losses_between(?, ?)",
        window,
    ).fetchone()
    assert figures == (None, None, None, None, 0, 0, 0, 0)


def test_a_window_that_ends_before_it_begins_has_no_row(published) -> None:
    assert published.execute("from losses_between('2025-02-01', '2025-01-01')").fetchall() == []


def test_areas_that_their_author_calls_faulty_say_so(published) -> None:
    net_km2, flagged = published.execute(
        "select net_km2, area_flagged_because from losses_between('2022-05-01', '2022-05-31')"
    ).fetchone()
    assert net_km2 is None
    assert "faulty" in flagged


def test_revisions_lead_from_one_state_to_the_other(published) -> None:
    (difference,) = published.execute(
        "select (select sum(confirmed_deaths) from deaths_by_day_as_of('2025-10-11'))"
        " - (select sum(confirmed_deaths) from deaths_by_day_as_of('2025-05-14'))"
    ).fetchone()
    rows = published.execute(
        "select as_of_before, as_of_after, confirmed_deaths_before, confirmed_deaths_after, confirmed_deaths_change"
        " from revisions_between('2025-05-14', '2025-10-11')"
    ).fetchall()
    # A date between two vintages is answered by the older.
    assert {tuple(map(str, row[:2])) for row in rows} == {("2025-05-13", "2025-10-11")}
    assert sum(row[4] for row in rows) == difference
    assert all(row[4] == (row[3] or 0) - (row[2] or 0) != 0 for row in rows)
    back = published.execute("select sum(confirmed_deaths_change) from revisions_between('2025-10-11', '2025-05-14')")
    assert back.fetchone() == (-difference,)


@pytest.mark.parametrize("dates", [("2020-01-01", "2025-10-11"), ("2025-10-11", "2020-01-01")])
def test_before_the_first_vintage_nothing_was_known(published, dates: tuple[str, str]) -> None:
    assert published.execute("from revisions_between(?, ?)", dates).fetchall() == []


def test_weeks_of_every_vintage_are_those_of_the_macro(published) -> None:
    for (as_of,) in published.execute("select as_of from vintages using sample 5").fetchall():
        history, macro = (
            published.execute(
                f"select as_of, week_start, iso_week, is_partial_week, age_days, confirmed_deaths from {source}"
                " order by week_start",
                parameters,
            ).fetchall()
            for source, parameters in (
                (f"deaths_by_week_history where as_of = '{as_of}'", []),
                ("deaths_by_week_as_of(?)", [as_of]),
            )
        )
        assert history == macro


def test_equipment_by_day_adds_up_to_weeks(published) -> None:
    assert published.execute(
        "with days as (select date_trunc('week', covered_date)::date as week_start, category,"
        " sum(claimed_losses) as claimed_losses from equipment_losses_by_day group by all)"
        " select count(*) from equipment_losses_by_week as weeks join days using (week_start, category)"
        " where weeks.claimed_losses <> days.claimed_losses"
    ).fetchone() == (0,)
