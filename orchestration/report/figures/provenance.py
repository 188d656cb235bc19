"""Where the figures come from, how fresh they are, and what was checked."""

from dataclasses import dataclass

import duckdb

from orchestration.report.figure import Row, Table, query
from orchestration.report.render.formatting import day, listed, some

SOURCES = "sources"
CHECKS = "checks"

SOURCES_SQL = """
select
    source, title, publisher, licence, citation, url, origin, last_observation, last_pulled_at, is_stale, note,
from source_status
order by source
"""
CHECKS_SQL = """
select asset, check_name, severity, passed, measured, threshold, meaning, checked_at
from quality_checks
order by passed, severity, asset, check_name
"""

SOURCES_HEADINGS = {
    "source": "source",
    "title": "title",
    "publisher": "publisher",
    "licence": "terms",
    "citation": "cite as",
    "url": "address",
    "origin": "from",
    "last_observation": "through",
    "last_pulled_at": "last pulled (UTC)",
    "is_stale": "stale",
    "note": "note",
}
CHECKS_HEADINGS = {
    "asset": "what was checked",
    "check_name": "check",
    "severity": "severity",
    "passed": "passed",
    "measured": "measured",
    "threshold": "allowed",
    "meaning": "what a failure means",
    "checked_at": "checked (UTC)",
}


@dataclass(frozen=True)
class Overview:
    """A table of the page with its finding; `failing` are the rows a reader should see first."""

    title: str
    table: Table
    failing: list[Row]


def sources(database: duckdb.DuckDBPyConnection) -> Overview:
    """Every source with publisher, terms, address and newest date."""
    rows = query(database, SOURCES_SQL)
    stale = [row for row in rows if row["is_stale"]]
    title = (
        f"{some(len(rows), 'source')}; newer figures than these should exist for {len(stale)} of them"
        if stale
        else f"{some(len(rows), 'source')}, none older than its rhythm"
    )
    return Overview(title, Table(SOURCES_HEADINGS, rows), stale)


def checks(database: duckdb.DuckDBPyConnection) -> Overview:
    """Every check of the data behind the release, failures first."""
    rows = query(database, CHECKS_SQL)
    failing = [row for row in rows if not row["passed"]]
    errors = sum(row["severity"] == "error" for row in failing)
    parts = [f"{len(rows) - len(failing):,} of {some(len(rows), 'check')} passed"]
    if errors:
        parts.append(f"{errors} failed")
    if len(failing) > errors:
        parts.append(f"{len(failing) - errors} ask for a look")
    on = max((row["checked_at"] for row in rows), default=None)
    return Overview(listed(parts) + (f", on {day(on)}" if on else ""), Table(CHECKS_HEADINGS, rows), failing)
