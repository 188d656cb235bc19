"""Made-up vintages of the list, as rows of the published tables."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

FIRST_DAY = date(2023, 10, 2)  # a Monday
DAYS = 140


def vintages_of(deaths_a_day: Mapping[date, int]) -> dict[str, list[dict[str, Any]]]:
    """Rows of tables for vintages in which every day from FIRST_DAY has so many deaths, by as-of date."""
    as_ofs = sorted(deaths_a_day)
    days = [FIRST_DAY + timedelta(days=index) for index in range(DAYS)]
    last = days[-1]
    history = []
    known_from = as_ofs[0]
    for as_of, following in zip(as_ofs, [*as_ofs[1:], None], strict=True):
        if following is None or deaths_a_day[following] != deaths_a_day[as_of]:
            history += [
                {
                    "death_date": day,
                    "confirmed_deaths": deaths_a_day[as_of],
                    "known_from": known_from,
                    "known_to": following,
                }
                for day in days
            ]
            known_from = following
    newest = as_ofs[-1]
    return {
        "confirmed_deaths_history": history,
        "vintages": [
            {"as_of": as_of, "data_through": last, "dated_total": deaths_a_day[as_of] * DAYS} for as_of in as_ofs
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
