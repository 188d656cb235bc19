"""Made-up vintages of the list, as rows of the tables that the page is made from."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

FIRST_DAY = date(2023, 10, 2)  # a Monday
DAYS = 140


def vintages_of(deaths_a_day: Mapping[date, int]) -> dict[str, list[dict[str, Any]]]:
    """Rows of tables for vintages in which every day from FIRST_DAY has so many deaths, by as-of date."""
    as_ofs = sorted(deaths_a_day)
    days = [FIRST_DAY + timedelta(days=index) for index in range(DAYS)]
    newest = as_ofs[-1]
    return {
        "int_confirmed_deaths_by_vintage": [
            {"as_of": as_of, "death_date": day, "confirmed_deaths": deaths_a_day[as_of]}
            for as_of in as_ofs
            for day in days
        ],
        "int_list_readings": [
            {
                "reading": "daily_vintage",
                "as_of": as_of,
                "span_start": day,
                "span_end": day,
                "confirmed_deaths": deaths_a_day[as_of],
            }
            for as_of in as_ofs
            for day in days
        ],
        "int_confirmed_deaths_by_week": [
            {"as_of": as_of, "week_start": week, "confirmed_deaths": deaths_a_day[as_of] * 7}
            for as_of in as_ofs
            for week in days[::7]
        ],
        "vintages": [
            {"as_of": as_of, "data_through": days[-1], "dated_total": deaths_a_day[as_of] * DAYS} for as_of in as_ofs
        ],
        "deaths_by_week": [
            {
                "week_start": week,
                "week_end": week + timedelta(days=6),
                "is_partial_week": False,
                "as_of": newest,
                "confirmed_deaths": deaths_a_day[newest] * 7,
                "status": "reported_only",
            }
            for week in days[::7]
        ],
    }


def export_of(as_of: date, deaths_a_week: int, weeks: int = DAYS // 7) -> list[dict[str, Any]]:
    """Rows of int_list_readings for a weekly export whose weeks begin on the first Thursday after FIRST_DAY."""
    thursdays = [FIRST_DAY + timedelta(days=3 + 7 * index) for index in range(weeks)]
    return [
        {
            "reading": "weekly_export",
            "as_of": as_of,
            "span_start": thursday,
            "span_end": thursday + timedelta(days=6),
            "confirmed_deaths": deaths_a_week,
        }
        for thursday in thursdays
    ]
