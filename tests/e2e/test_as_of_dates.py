"""Every measure has the date of its own source: looked up by the names of columns, so that a new table is covered."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

# A measure by its name, and the inputs it may come from: dates of releases, or the days of a series.
MEASURES = {
    r"(confirmed|expected|reported)_deaths|dated_total|named_total": ("dated releases", "statements"),
    r"probate_estimate": ("probate releases",),
    r"claimed_(casualties|losses)": ("reports",),
    r"(^|_)km2($|_)": ("maps", "statements"),
}
# Columns that say as of when, or of which day of the series, a figure is.
DATES = re.compile(r"(^|_)as_of$|^known_from$|^known_on$|^report_date$|^area_date$")
# The author's clock ran on Central European Time.
AUTHORS_DAY = "(observed_at at time zone 'UTC' at time zone 'Europe/Berlin')::date"
NUMBERS = re.compile(r"\w*INT\w*$|DOUBLE$|DECIMAL")


def dates_of_inputs(observations: Path) -> dict[str, set[date]]:
    """The dates of the observations, read from the files that dbt reads."""

    def dates(*columns: tuple[str, str]) -> set[date]:
        return {
            row[0]
            for table, column in columns
            for row in duckdb.sql(f"select distinct {column} from '{observations / table}.parquet'").fetchall()
        }

    return {
        "dated releases": dates(
            ("confirmed_deaths_vintages", "as_of"),
            ("deaths_by_branch", "as_of"),
            ("deaths_by_region", "as_of"),
            ("deaths_by_year_identified", "as_of"),
        ),
        "probate releases": dates(("probate_estimates", "as_of")),
        "reports": dates(("claimed_losses", "report_date"), ("claimed_losses_second", "report_date")),
        "maps": dates(("occupied_area", "area_date"), ("occupied_area_2022_23", AUTHORS_DAY)),
    }


def undated(published: duckdb.DuckDBPyConnection, inputs: dict[str, set[date]]) -> Iterator[str]:
    """Measures whose date is missing or none of their input."""
    columns = published.execute(
        "select table_name, map(list(column_name), list(data_type)) from duckdb_columns()"
        " where not internal and schema_name = 'main' group by table_name order by table_name"
    ).fetchall()
    for table, types in columns:
        candidates = [name for name in types if DATES.search(name)]
        # A statement has the date it was published on, which no observation knows.
        address = next((name for name in types if name.endswith(("source_url", "source_urls"))), None)
        for name in types:
            kinds = next((kinds for pattern, kinds in MEASURES.items() if re.search(pattern, name)), None)
            if kinds is None or not NUMBERS.match(types[name]):
                continue
            # A row a statement: it is as of the day it was published, where its page says which.
            if "statements" in kinds and "published_on" in types and address:
                ((without_address,),) = published.execute(
                    f'select count(*) from {table} where "{name}" is not null and {address} is null'
                ).fetchall()
                if not without_address:
                    continue
            known = set().union(*(inputs.get(kind, set()) for kind in kinds))
            stated = f"{address} is not null" if "statements" in kinds and address else "false"
            if not any(
                all(
                    when is not None and (when in known or is_stated)
                    for when, is_stated in published.execute(
                        f'select distinct {candidate}, {stated} from {table} where "{name}" is not null'
                    ).fetchall()
                )
                for candidate in candidates
            ):
                yield f"{table}.{name}"


@pytest.fixture
def inputs(refreshed) -> dict[str, set[date]]:
    return dates_of_inputs(refreshed.data_dir / "observations")


def test_every_measure_has_the_date_of_its_own_source(published, inputs) -> None:
    assert list(undated(published, inputs)) == []


def test_where_one_state_of_a_source_is_used_it_is_the_newest(published, inputs) -> None:
    """In tables of periods, which hold no history."""
    tables = published.execute(
        "select distinct table_name, column_name from duckdb_columns() where schema_name = 'main'"
        " and column_name in ('claims_as_of', 'probate_as_of', 'area_as_of')"
    ).fetchall()
    newest = {"claims_as_of": max(inputs["reports"]), "probate_as_of": max(inputs["probate releases"])}
    assert {column for _, column in tables} >= set(newest)
    for table, column in tables:
        found = {row[0] for row in published.execute(f"select distinct {column} from {table}").fetchall()}
        if column in newest and len(found - {None}) == 1:
            assert found == {newest[column]}, table


@pytest.mark.parametrize(
    ("columns", "is_dated"),
    [
        ("date '2026-05-22' as probate_as_of, 5.0 as probate_estimate", True),
        ("5.0 as probate_estimate", False),
        ("date '2026-05-23' as probate_as_of, 5.0 as probate_estimate", False),
        # The date of the list is not that of the estimate.
        ("date '2026-01-30' as as_of, 5.0 as probate_estimate", False),
        ("null::date as claims_as_of, 5 as claimed_casualties", False),
        ("date '2026-05-22' as probate_as_of, 5 as claimed_casualties", False),
        ("date '2026-07-01' as claims_as_of, 5 as claimed_casualties", True),
        ("date '2025-01-02' as area_as_of, 5.0 as net_km2, 'https://example.org/' as source_url", True),
        ("date '2025-01-02' as area_as_of, 5.0 as net_km2, null as source_url", False),
    ],
)
def test_a_table_added_later_is_covered(columns: str, is_dated: bool) -> None:
    inputs = {
        "dated releases": {date(2026, 1, 30)},
        "probate releases": {date(2026, 5, 22)},
        "reports": {date(2026, 7, 1)},
        "maps": {date(2026, 6, 30)},
    }
    with duckdb.connect() as database:
        database.execute(f"create table added_later as select {columns}")
        assert (list(undated(database, inputs)) == []) == is_dated
