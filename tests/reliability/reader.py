"""A reader: opens the published file over and over, asks several tables, and sees whether they are of one release."""

import json
import sys
import time
from pathlib import Path

import duckdb

# Every table that carries the as-of date of the list, and the checks, which differ from release to release.
QUESTION = """
    select
        (select max(as_of) from vintages) as vintage,
        (select max(as_of) from deaths_by_day) as by_day,
        (select max(as_of) from deaths_by_week) as by_week,
        (select max(as_of) from losses_per_km2) as per_km2,
        (select max(known_from) from confirmed_deaths_history) as history,
        (select max(as_of) from toll_estimates where method = 'named list, names with a day of death') as tolls,
        (select max(checked_at) from quality_checks) as checked
"""
# Time between two questions on one connection, and between two connections, in seconds: twenty readers on two cores
# must leave the refresh some of them.
PAUSE_S = 0.2
BETWEEN_S = 4.0


def main(published: str, stop: Path) -> None:
    """Read until the file `stop` appears and once more, then print what was seen as JSON."""
    seen = {"reads": 0, "torn": 0, "releases": [], "errors": []}
    releases = set()
    is_last = False
    while not is_last:
        is_last = stop.exists()
        try:
            with duckdb.connect(published, read_only=True) as connection:
                first = connection.execute(QUESTION).fetchone()
                time.sleep(PAUSE_S)
                again = connection.execute(QUESTION).fetchone()
        except duckdb.Error as error:
            seen["errors"].append(str(error))
            continue
        seen["reads"] += 1
        releases.add(str(first[-1]))
        if first != again or len(set(first[:-1])) != 1:
            seen["torn"] += 1
        if not is_last:
            time.sleep(BETWEEN_S)
    seen["releases"] = sorted(releases)
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
