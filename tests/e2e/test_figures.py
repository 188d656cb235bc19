"""Figures that can be looked up elsewhere, asked of the published file as of fixed dates, so that newer data do not
change them."""

import duckdb
import pytest

NEWEST_CHECKED = "2025-10-11"


def one(published: duckdb.DuckDBPyConnection, sql: str) -> tuple:
    row = published.execute(sql).fetchone()
    assert row is not None, sql
    return row


@pytest.mark.parametrize(
    ("as_of", "total", "on_2024_02_20"), [("2025-10-11", 105_210, 211), ("2025-05-13", 84_492, 178)]
)
def test_confirmed_deaths_as_of(published, as_of: str, total: int, on_2024_02_20: int) -> None:
    days = f"deaths_by_day_as_of('{as_of}')"
    assert one(published, f"select sum(confirmed_deaths) from {days}") == (total,)
    assert one(published, f"select confirmed_deaths, rank_in_year from {days} where death_date = '2024-02-20'") == (
        on_2024_02_20,
        1,
    )
    assert one(published, f"select dated_total from vintages where as_of = '{as_of}'") == (total,)


@pytest.mark.parametrize(("year", "deaths"), [(2022, 17_631), (2023, 36_194), (2024, 41_717)])
def test_confirmed_deaths_by_year(published, year: int, deaths: int) -> None:
    days = f"deaths_by_day_as_of('{NEWEST_CHECKED}')"
    assert one(published, f"select sum(confirmed_deaths) from {days} where year(death_date) = {year}") == (deaths,)


@pytest.mark.parametrize(("as_of", "deaths"), [("2024-12-07", 1_882), ("2025-10-11", 10_663)])
def test_autumn_2024_is_revised_for_years(published, as_of: str, deaths: int) -> None:
    assert one(
        published,
        f"select sum(confirmed_deaths) from deaths_by_day_as_of('{as_of}')"
        " where death_date between '2024-09-01' and '2024-11-30'",
    ) == (deaths,)


def test_the_stated_band_follows_from_the_list(published) -> None:
    """The band is the named total over 0.65 and 0.45. The BBC's 164,223 to 237,211 rest on 106,745 names of 5 May
    2025; the vintage of 13 May had 107,616, so the range is 0.8 % higher."""
    assert one(
        published,
        "select low, high, is_contradicted from toll_estimates"
        " where as_of = '2025-05-05' and method = 'named list / coverage band'",
    ) == (164_223, 237_211, True)
    low, high, named = one(
        published,
        "select low, high, named_total from toll_estimates join vintages using (as_of)"
        " where as_of = '2025-05-13' and method = 'named list / coverage band'",
    )
    assert (low, high) == (round(named / 0.65), round(named / 0.45))
    assert low == pytest.approx(164_223, rel=0.01)
    assert high == pytest.approx(237_211, rel=0.01)


@pytest.mark.parametrize(("year", "casualties"), [(2024, 430_790), (2025, 418_170)])
def test_claimed_casualties_of_a_year_are_those_of_the_general_staff(published, year: int, casualties: int) -> None:
    """A report covers the day before it."""
    assert one(
        published,
        f"select sum(claimed_casualties) from claimed_casualties_by_day where year(covered_date) = {year}",
    ) == (casualties,)
    assert one(
        published, f"select claimed_casualties, claims_covered_days from deaths_by_year where period = '{year}'"
    ) == (casualties, 366 if year == 2024 else 365)


@pytest.mark.parametrize(
    ("period_start", "period_end", "fits"),
    [
        ("2024-01-01", "2024-12-31", "covered_day"),
        ("2025-01-01", "2025-12-31", "covered_day"),
        ("2025-05-01", "2025-05-31", "both"),
        # ISW cuts by the day of the report.
        ("2025-08-01", "2025-08-31", "report_date"),
    ],
)
def test_a_published_claim_fits_a_convention(published, period_start: str, period_end: str, fits: str) -> None:
    assert one(
        published,
        "select fits from claimed_casualties_published"
        f" where period_start = '{period_start}' and period_end = '{period_end}'",
    ) == (fits,)


def test_a_year_that_lacks_three_days_of_the_estimate_is_not_missing(published) -> None:
    """The release of May 2026 ends on 28 December 2025, and its last 26 weeks are partly a forecast."""
    release, estimate, covered, forecast, days, before = one(
        published,
        "select probate_as_of, probate_estimate, probate_covered_days, probate_forecast_days, period_days,"
        " (select probate_estimate from deaths_by_year where period = '2024')"
        " from deaths_by_year where period = '2025'",
    )
    if str(release) == "2026-05-22":
        assert (covered, forecast, days) == (362, 182, 365)
        assert estimate == pytest.approx(148_069, abs=1)
        assert estimate > before
        assert one(
            published, "select probate_estimate, probate_covered_days from deaths_by_month where period = '2025-12'"
        ) == (None, 28)


def test_three_areas_of_autumn_2024_stand_side_by_side(published) -> None:
    areas = dict(
        published.execute(
            "select area_source, (round(net_km2, 1), includes_kursk) from losses_per_km2 where period = 'autumn-2024'"
        ).fetchall()
    )
    assert areas["DeepState"][0] == pytest.approx(1_602.2, rel=0.001)
    assert areas == {
        "DeepState": (areas["DeepState"][0], False),
        "deepstate_history": (397 + 502 + 729, False),
        "ISW": (2_356, True),
        "AFP/ISW": (1_794, False),
    }


def test_one_definition_a_series_of_afp(published) -> None:
    """Control and claimed areas until January 2026, control from February on; April 2024 by the later definition."""
    months = dict(
        published.execute(
            "select period, (net_km2, area_definition) from losses_per_km2"
            " where area_source = 'AFP/ISW' and grain = 'month' and net_km2 is not null"
        ).fetchall()
    )
    assert months["2025-11"] == (701, "control_and_claimed")
    assert months["2026-01"] == (481, "control_and_claimed")
    assert months["2026-02"] == (123, "control")
    assert months["2026-03"] == (23, "control")
    assert months["2024-04"] == (99, "control")
    assert one(
        published,
        "select net_km2, split_part(suppressed_because, ';', 1) from losses_per_km2"
        " where area_source = 'AFP/ISW' and period = '2026-Q1'",
    ) == (None, "published months change their definition of area within the period")
    assert published.execute(
        "select measure, stated_km2, definition from territory_published"
        " where claimant like 'AFP%' and period_start = '2025-02-24' order by 1"
    ).fetchall() == [("km2_claimed_unconfirmed", 731, "claimed_only"), ("km2_gained", 4_524, "control")]


def test_why_three_areas_describe_2024(published) -> None:
    areas = dict(
        published.execute(
            "select publisher, (net_km2, definition, includes_kursk) from area_by_definition where period = '2024'"
        ).fetchall()
    )
    assert areas["CSIS/ISW"] == (3_604, "control", False)
    assert areas["AFP/ISW"] == (3_985, "control_and_claimed", False)
    assert areas["ISW"] == (4_168, "control", True)
    assert areas["deepstate_history"] == (3_300, "control", False)


@pytest.mark.parametrize(
    ("period", "net", "days"),
    [
        ("2024-Q1", 198, 91),
        ("2024-Q2", 536, 91),
        ("2024-H1", 734, 182),
        ("2024-Q3", 941, 92),
        ("2024", 3_300, 366),
        # Its parts end on 27 September: shown with its days, and divides nothing.
        ("2026-Q3", 95, 89),
        ("2023-Q3", None, None),
        ("2023", None, None),
        ("2022-Q2", None, None),
    ],
)
def test_history_answers_what_its_parts_fill(published, period: str, net: float | None, days: int | None) -> None:
    assert one(
        published,
        "select net_km2, area_covered_days from losses_per_km2"
        f" where area_source = 'deepstate_history' and period = '{period}'",
    ) == (net, days)


def test_flagged_and_short_parts_of_the_history_are_shown_as_such(published) -> None:
    assert one(published, "select net_km2, is_flagged from deepstate_history where period = '2023-Q3'") == (-177, True)
    assert one(published, "select net_km2, is_flagged from deepstate_history where period = '2023'") == (140, True)
    assert one(
        published, "select net_km2, covered_days, occupied_km2 from deepstate_history where period like '2026-09%'"
    ) == (54, 27, 116_195)
    assert one(published, "select max(abs(difference_km2)) < 45 from deepstate_history where grain = 'month'") == (
        True,
    )


def test_probate_estimate_of_the_may_2026_release(published) -> None:
    weeks = "probate_estimate_by_week where as_of = '2026-05-22'"
    assert round(one(published, f"select sum(probate_estimate) from {weeks}")[0]) == 351_817
    assert one(published, f"select min(isodow(week_start)), max(isodow(week_start)) from {weeks}") == (1, 1)


def test_probate_estimate_spread_over_2024(published) -> None:
    (estimate,) = one(
        published,
        "select sum(probate_estimate / 7 * (least(week_start + 6, date '2024-12-31')"
        " - greatest(week_start, date '2024-01-01') + 1)) from probate_estimate_by_week where as_of = '2026-05-22'"
        " and week_start between '2023-12-26' and '2024-12-31'",
    )
    assert estimate == pytest.approx(129_278, abs=1)
    release, published_estimate = one(
        published, "select probate_as_of, probate_estimate from deaths_by_year where period = '2024'"
    )
    if str(release) == "2026-05-22":
        assert published_estimate == pytest.approx(129_278, abs=1)
        assert one(
            published,
            "select round(probate_estimate_per_km2, 1), net_km2, includes_kursk from losses_per_km2"
            " where period = '2024' and area_source = 'ISW'",
        ) == (31.0, 4_168, True)


def test_volunteers_among_the_names_dated_2024(published) -> None:
    (share,) = one(
        published,
        "select sum(confirmed_deaths) filter (branch_group = 'volunteers') / sum(confirmed_deaths)"
        " from deaths_by_branch where as_of = '2026-05-22' and year(week_start) = 2024",
    )
    assert share == pytest.approx(0.505, abs=0.0005)


def test_recruitment_of_the_second_half_of_2024(published) -> None:
    low, high, verdict, urls = one(
        published,
        "select recruits_low, recruits_high, verdict, source_urls from recruitment_vs_losses"
        " where period = '2024-H2' and basis = 'federal_budget'",
    )
    # Vazhnye Istorii: 374,200 to 407,200 in the year less 166,200 in its first half.
    assert (low, high) == (208_000, 241_000)
    assert verdict == "below"  # 246,990 killed and wounded claimed
    assert "http" in str(urls)


def test_expected_deaths_have_a_track_record(published) -> None:
    """Weeks over 13 weeks old at the fit, half a year on, for the fits whose outcome cannot change any more."""
    reported, expected, worst, fits = one(
        published,
        "select median(wape_reported), median(wape_expected), max(wape_expected), count(*)"
        " from expected_deaths_backtest where status = 'all' and horizon_days = 182"
        " and fit_as_of between '2024-06-03' and '2025-04-12'",
    )
    assert fits == 23
    assert reported == pytest.approx(0.188, abs=0.0005)
    assert expected == pytest.approx(0.0585, abs=0.0005)
    assert worst < 0.1


def test_a_fall_that_was_only_delay(published) -> None:
    assert one(
        published,
        "select round(confirmed_change, 2), round(expected_change, 2), reading from quarter_trend"
        " where as_of = '2025-01-18' and period = '2024-Q3'",
    ) == (-0.07, 0.14, "the fall is delay")


def test_2024_had_no_lull_as_known_later(published) -> None:
    lowest = dict(
        published.execute(
            "select death_year, lowest_8_weeks_over_mean from waves_by_year"
            f" where as_of = '{NEWEST_CHECKED}' and death_year < 2025"
        ).fetchall()
    )
    assert {year: round(share, 2) for year, share in lowest.items()} == {2022: 0.50, 2023: 0.66, 2024: 0.92}


def test_the_newest_reading_of_2024_is_the_export(published) -> None:
    """Of the year's names, 87,440 stand in weeks that begin in it; cut by days it is 87,580."""
    reading, as_of, deaths, is_exact = one(
        published,
        "select reading, as_of::varchar, confirmed_deaths, is_exact from deaths_of_year_as_known"
        " where year_kind = 'calendar' and death_year = 2024 and as_of <= '2026-05-22' order by as_of desc limit 1",
    )
    assert (reading, as_of, is_exact) == ("weekly_export", "2026-05-22", False)
    assert deaths == pytest.approx(87_440, rel=0.005)


def test_weeks_of_an_export_are_exact_on_its_own_grid(published) -> None:
    """3 April to 2 July 2025 are thirteen of its weeks."""
    reading = "select sum(deaths) from report.report_deaths_as_known where measure = 'weekly_export'"
    assert one(
        published, f"{reading} and as_of = '2026-05-22' and week_start between '2025-04-03' and '2025-07-02'"
    ) == (13_382,)


def test_claims_are_computed_then_and_now(published) -> None:
    (as_of_then, then, explanation) = one(
        published,
        "select as_of_then::varchar, round(computed_then, 1), explanation from published_claims where claim_id = 'C05'",
    )
    assert (as_of_then, then) == ("2025-04-26", 20.8)
    assert "probate" in explanation
    assert one(published, "select verdict from published_claims where claim_id = 'R06'") == ("contradicted",)
    assert one(published, "select count(*) from published_claims where verdict is null") == (0,)
