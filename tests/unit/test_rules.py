"""Each rule at its border: what is still believed, and what is not."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from orchestration.sources.claimed_losses.rules import corrections, cumulative
from orchestration.sources.confirmed_deaths.rules import vintages
from orchestration.sources.confirmed_deaths.vintages import Vintage
from orchestration.sources.dated_releases import WeeklyRelease, releases
from orchestration.sources.occupied_area.rules import Level, areas
from orchestration.sources.occupied_area_2022_23.rules import readings
from orchestration.sources.rules import drop, in_the_future, rise

FIRST = date(2025, 1, 1)


def vintage(counts, day=FIRST):
    return Vintage(day, day, np.array(counts))


def later(counts):
    return vintage(counts, FIRST + timedelta(days=14))


def claims(figures, category="tank", start="2024-01-01", measure="claimed_losses_cum"):
    days = pd.date_range(start, periods=len(figures))
    return pd.DataFrame({"report_date": days, "category": category, measure: figures})


def release(totals=1000.0, weeks=3, measures=None):
    starts = frozenset(FIRST + timedelta(weeks=week) for week in range(weeks))
    return WeeklyRelease(FIRST, starts, {"probate_estimate": totals}, measures or {})


def test_dates_may_be_one_day_ahead():
    assert in_the_future(date(2025, 1, 2), FIRST) is None
    assert "date in the future: it speaks of 2025-01-03" in in_the_future(date(2025, 1, 3), FIRST)


def test_a_tenfold_rise_and_a_fall_to_a_tenth():
    assert rise("tank", 100, 999) is None
    assert "jump: tank rises from 100 to 1,000" in rise("tank", 100, 1000)
    assert rise("tank", 9, 1000) is None
    assert drop("tank", 100, 11) is None
    assert "jump: tank falls from 100 to 10" in drop("tank", 100, 10)
    assert drop("tank", 9, 0) is None


def test_a_list_may_end_three_days_earlier():
    counts = [1000] * 10 + [1] * 5
    assert vintages(vintage(counts), later(counts[:-3])) is None
    assert "history shrunk: the list as of 2025-01-15 ends on 2022-03-06, 4 days" in vintages(
        vintage(counts), later(counts[:-4])
    )


def test_half_a_per_cent_of_the_list_may_go_from_its_days():
    assert vintages(vintage([1000, 0]), later([995, 5])) is None
    # The names that come do not make up for those that go.
    assert "6 of 1,000 dated names" in vintages(vintage([1000, 0]), later([994, 6]))
    assert "history shrunk" in vintages(vintage([1000, 0]), later([994, 0]))
    assert vintages(vintage([1000]), later([1000, 500])) is None


def test_the_list_may_not_grow_tenfold():
    assert vintages(vintage([50] * 10), later([450] * 10)) is None
    assert "the number of dated names" in vintages(vintage([50] * 10), later([500] * 10))
    assert "the worst day" in vintages(vintage([50] * 10), later([50] * 9 + [500]))


def test_claims_go_on_and_are_corrected():
    assert cumulative(claims([100, 110]), claims([100, 110, 120])) is None
    many = list(range(1000, 1100))
    corrected = [figure + (place >= 95) for place, figure in enumerate(many)]
    assert cumulative(claims(many), claims(corrected)) is None
    corrected[94] += 1
    assert "history changed: 6.0%" in cumulative(claims(many), claims(corrected))


def test_claims_keep_their_days():
    problem = cumulative(claims([100, 110, 120]), claims([100, 110]))
    assert problem == "rows lost: 1 days known before are gone, the first 2024-01-03"
    # A slip of a date is a lost day, although the number of days is the same.
    assert "rows lost" in cumulative(claims([100, 110]), claims([100, 110], start="2024-01-02"))


def test_claims_keep_their_figures():
    tanks, ships = claims([100] * 1000), claims([20] * 2, category="naval_ship")
    both = pd.concat([tanks, ships])
    assert cumulative(both, pd.concat([tanks, ships[1:], claims([20], "naval_ship", "2026-09-26")])) is None
    assert "2 of 1,002 figures known before are gone" in cumulative(both, tanks)


def test_a_category_that_ends_is_a_column_gone():
    known = pd.concat([claims([100, 110]), claims([20, 21], category="naval_ship")])
    offered = pd.concat([known, claims([120], start="2024-01-03")])
    assert "column gone: naval_ship" in cumulative(known, offered)
    appears = pd.concat([known, claims([5], category="submarines", start="2024-01-02")])
    assert cumulative(known, appears) is None


def test_a_cumulative_claim_may_fall_by_a_tenth():
    assert cumulative(claims([100]), claims([100, 90])) is None
    assert "tank falls from 100 (2024-01-01) to 89" in cumulative(claims([100]), claims([100, 89]))
    assert cumulative(claims([2]), claims([2, 1])) is None


def test_a_claim_may_not_jump_tenfold_in_sum_or_in_a_day():
    known = claims([1000, 1100])
    assert cumulative(known, claims([1000, 1100, 2099])) is None
    assert "the largest daily claim of tank" in cumulative(known, claims([1000, 1100, 2100]))
    assert "tank in sum" in cumulative(known, claims([1000, 1100, 11_000]))
    # A day that was believed before is not judged by the days before it.
    assert cumulative(claims([1000, 1010, 2000]), claims([1000, 1010, 2000, 3000])) is None


def test_a_correction_of_one_old_day_is_no_jump():
    known = [1000 + 10 * day for day in range(100)]
    offered = [*known, known[-1] + 10]
    offered[50] += 200
    assert cumulative(claims(known), claims(offered)) is None


def test_corrections_may_be_negative_and_not_vanish():
    known = claims([50, -60], measure="correction")
    assert corrections(known, claims([50, -60, 599], measure="correction")) is None
    assert "rises from 60 to 600" in corrections(known, claims([50, -60, -600], measure="correction"))
    assert "rows lost" in corrections(known, claims([50], measure="correction"))


@pytest.mark.parametrize("km2", [90_000, 150_000])
def test_an_area_within_bounds(km2):
    assert areas(Level(FIRST, km2), []) is None
    outside = km2 - 1 if km2 == 90_000 else km2 + 1
    assert "implausible level" in areas(Level(FIRST, outside), [])


@pytest.mark.parametrize("days", [-31, -1, 0, 31])
def test_an_area_beside_its_neighbours(days):
    neighbour = Level(FIRST + timedelta(days=days), 110_000)
    assert areas(Level(FIRST, 111_000), [neighbour]) is None
    assert "+1,001 km² off" in areas(Level(FIRST, 111_001), [neighbour])
    assert "-1,001 km² off" in areas(Level(FIRST, 108_999), [neighbour])


def test_a_neighbour_beyond_a_month_says_nothing():
    assert areas(Level(FIRST, 120_000), [Level(FIRST - timedelta(days=32), 110_000)]) is None


def levels(values):
    return pd.DataFrame({"observed_at": pd.date_range("2022-04-03", periods=len(values)), "occupied_km2": values})


def test_readings_of_the_closed_series():
    known = levels([100_000.0] * 20)
    assert readings(known, levels([100_000.0] * 21)) is None
    assert "rows lost: 1 of 20 readings" in readings(known, levels([100_000.0] * 19))
    assert readings(known, levels([100_000.0] * 19 + [100_001.0])) is None
    assert "history changed" in readings(known, levels([100_000.0] * 18 + [100_001.0] * 2))
    assert "the largest level" in readings(known, levels([100_000.0] * 19 + [1_000_000.0]))
    assert "the smallest level" in readings(known, levels([100_000.0] * 19 + [10_000.0]))


def test_a_release_keeps_its_weeks_and_its_total():
    assert releases(release(), release(weeks=4)) is None
    assert "lacks 1 of the 3 weeks" in releases(release(), release(weeks=2))
    assert releases(release(), release(totals=950.0)) is None
    assert "falls from 1,000" in releases(release(), release(totals=949.0))


def test_no_measure_of_a_release_jumps():
    known = release(measures={"the sum of branch tank": 100.0})
    assert releases(known, release(measures={"the sum of branch tank": 999.0})) is None
    assert "rises" in releases(known, release(measures={"the sum of branch tank": 1000.0}))
    assert "falls" in releases(known, release(measures={"the sum of branch tank": 10.0}))
