"""Releases of other worlds: the shipped observations changed, all models built on them, and the page drawn.

A sentence, verdict or flag that is true of the shipped figures alone is not true. Here the sources end earlier, a later
release or total comes, a year is counted anew; what is said of it is read (`python -m tests.worlds.statements`) and
tested.
"""

import csv
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.release.database import DATABASE_NAME, Identity, write_database
from orchestration.release.tables import published_tables, report_tables
from orchestration.report.page import write_report
from orchestration.settings import DBT_PROJECT_DIR
from tests.running_dbt import run_dbt

Row = Mapping[str, object]

# What each table of observations is dated by: a source that ends on a day has no row after it.
_DATED_BY = {
    "claimed_losses": "report_date",
    "claimed_losses_second": "report_date",
    "claimed_losses_second_reports": "report_date",
    "confirmed_deaths": "as_of",
    "confirmed_deaths_vintages": "as_of",
    "deaths_by_branch": "as_of",
    "deaths_by_region": "as_of",
    "deaths_by_year_identified": "as_of",
    "occupied_area": "area_date",
    "occupied_area_2022_23": "observed_at",
    "probate_estimates": "as_of",
}


@dataclass(frozen=True)
class World:
    """A change of the shipped figures.

    Args:
        title: what is different, for whoever reads the statements.
        change: changes the tables of observations, views of the same names in a connection; returns nothing.
        seed_rows: rows to add to seeds, by the seed's name.
    """

    title: str
    change: Callable[[duckdb.DuckDBPyConnection], object] = lambda _: None
    seed_rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


def _ending(day: str) -> Callable[[duckdb.DuckDBPyConnection], None]:
    def change(observations: duckdb.DuckDBPyConnection) -> None:
        for table, dated_by in _DATED_BY.items():
            observations.execute(f"delete from {table} where cast({dated_by} as date) > date '{day}'")
        observations.execute(f"update confirmed_deaths_vintages set last_seen = least(last_seen, date '{day}')")
        observations.execute(f"update source_provenance set last_observation = least(last_observation, date '{day}')")

    return change


def _weekly_exports_revised(factor: float, weeks_more: int) -> Callable[[duckdb.DuckDBPyConnection], None]:
    """A later release of the probate estimate: so many weeks longer, all weeks revised by a factor."""

    def change(observations: duckdb.DuckDBPyConnection) -> None:
        observations.execute(
            f"""
            insert into probate_estimates
            select
                as_of + {weeks_more} * 7, week_start, documented_deaths, probate_estimate * {factor}
            from probate_estimates
            union all
            select
                as_of + {weeks_more} * 7, week_start + {weeks_more} * 7, documented_deaths // 4,
                probate_estimate * {factor}
            from probate_estimates
            where week_start > (select max(week_start) from probate_estimates) - {weeks_more} * 7
            """
        )

    return change


def _another_vintage(sql_of_changes: str) -> Callable[[duckdb.DuckDBPyConnection], None]:
    """A vintage two weeks after the newest one, in which days changed by so many."""

    def change(observations: duckdb.DuckDBPyConnection) -> None:
        observations.execute(
            f"""
            create temp table changes as
            with newest as (
                select max(as_of) as as_of, max_by(data_through, as_of) as data_through
                from confirmed_deaths_vintages
            ),
            counts as (select death_date, sum(change) as confirmed_deaths from confirmed_deaths group by death_date)
            select newest.as_of + 14 as as_of, counts.death_date, cast({sql_of_changes} as integer) as change
            from counts cross join newest
            """
        )
        observations.execute("insert into confirmed_deaths select * from changes where change <> 0")
        observations.execute(
            """
            insert into confirmed_deaths_vintages
            select
                max(as_of) + 14, max(as_of) + 14, max_by(data_through, as_of),
                max_by(dated_total, as_of) + (select sum(change) from changes)
            from confirmed_deaths_vintages
            """
        )

    return change


WORLDS = {
    "as_shipped": World("the shipped figures"),
    "ends_2024": World("every source ends on 2024-12-31", _ending("2024-12-31")),
    "ends_2025_06": World("every source ends on 2025-06-01", _ending("2025-06-01")),
    "ends_2026_01": World("every source ends on 2026-01-30", _ending("2026-01-30")),
    "later_probate_release": World(
        "a probate release half a year later, a tenth higher", _weekly_exports_revised(1.1, 26)
    ),
    "lower_probate_release": World(
        "a probate release half a year later, lower by a half", _weekly_exports_revised(0.5, 26)
    ),
    "later_named_total": World(
        "a named total of 400,000 after the newest one",
        seed_rows={"named_totals": [{"as_of": "2026-11-01", "named_total": 400000}]},
    ),
    "twice_2022": World(
        "a vintage that doubles 2022", _another_vintage("if(year(death_date) = 2022, confirmed_deaths, 0)")
    ),
    "other_figures": World(
        "a vintage that doubles 2022, and a probate release half a year later, lower by a half",
        lambda observations: (
            _another_vintage("if(year(death_date) = 2022, confirmed_deaths, 0)")(observations),
            _weekly_exports_revised(0.5, 26)(observations),
        ),
    ),
    "half_2024": World(
        "a vintage that halves 2024",
        _another_vintage("if(year(death_date) = 2024, confirmed_deaths // 2 - confirmed_deaths, 0)"),
    ),
}


@dataclass(frozen=True)
class Built:
    """A world's release: the published file, the page and the texts of its figures."""

    world: World
    database: Path
    page: Path


def build(world: World, observations: Path, folder: Path, prepared: Path | None = None) -> Built:
    """Build a world's release.

    Args:
        world: what is changed.
        observations: the folder of observations it is changed from; only read.
        folder: where all of it goes.
        prepared: a dbt target folder of the same project, whose parsed manifest may be used.
    """
    data_dir = folder / "data"
    (data_dir / "observations").mkdir(parents=True)
    (data_dir / "warehouse").mkdir()
    _change_observations(world, observations, data_dir / "observations")
    project = folder / "dbt_project"
    shutil.copytree(DBT_PROJECT_DIR, project, ignore=shutil.ignore_patterns("target", "logs"))
    for seed, rows in world.seed_rows.items():
        _add_rows(project / "seeds" / f"{seed}.csv", rows)
    if prepared is not None:
        (folder / "target").mkdir()
        shutil.copy2(prepared / "partial_parse.msgpack", folder / "target")
    result = run_dbt(
        *("build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"),
        scratch=folder,
        data_dir=data_dir,
        project_dir=project,
    )
    if result.returncode:
        raise RuntimeError(f"{world.title}: dbt failed.\n{result.stdout}")
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    database = folder / DATABASE_NAME
    write_database(
        database,
        data_dir / "warehouse" / DATABASE_NAME,
        published_tables(manifest),
        report_tables(manifest),
        [],
        Identity("2026.12.01", datetime.now(UTC).replace(tzinfo=None), "a world"),
    )
    write_report(database, folder / "report")
    return Built(world, database, folder / "report" / "index.html")


def _change_observations(world: World, observations: Path, changed: Path) -> None:
    with duckdb.connect() as connection:
        for path in sorted(observations.glob("*.parquet")):
            connection.execute(f"create table {path.stem} as select * from read_parquet('{path}')")
        world.change(connection)
        for path in sorted(observations.glob("*.parquet")):
            connection.execute(f"copy {path.stem} to '{changed / path.name}' (format parquet)")


def _add_rows(path: Path, rows: Sequence[Row]) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        columns = csv.DictReader(file).fieldnames or []
    with path.open("a", newline="", encoding="utf-8") as file:
        csv.DictWriter(file, columns, lineterminator="\n").writerows(rows)
