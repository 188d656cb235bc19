"""The published file on the command line: opened as it may be read, and what is said of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.cli.console import console, print_table
from orchestration.settings import Settings


@contextmanager
def open_published(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file, read-only and locked in: no other files, no network, no change of settings.

    Raises:
        FileNotFoundError: nothing is published yet.
    """
    if not settings.published_path.exists():
        raise FileNotFoundError(f"{settings.published_path} is not there yet. Publish first: war-losses refresh")
    with duckdb.connect(
        str(settings.published_path),
        read_only=True,
        config={"enable_external_access": "false", "lock_configuration": "true"},
    ) as connection:
        yield connection


def print_release(settings: Settings) -> None:
    """Say what is published: version and size, tables, sources, the newest readings of the list."""
    with open_published(settings) as connection:
        tables = connection.execute(
            "select table_name, estimated_size, column_count from duckdb_tables() where schema_name = 'main' order by 1"
        ).fetchall()
        sources = connection.execute(
            "select source, origin, last_observation, last_pulled_at, if(is_stale, 'stale', 'current') "
            "from source_status order by 1"
        ).fetchall()
        readings = connection.execute(
            "select reading, as_of, published_on, deaths_through, names "
            "from list_readings where is_newest order by reading"
        ).fetchall()
        flagged = connection.execute(
            "select reading, as_of, flagged_because from list_readings "
            "where is_newest and flagged_because is not null order by reading"
        ).fetchall()
        versions = connection.execute("select version from release").fetchall()
    sizes = f"{megabytes(settings.published_dir)} MB, the DuckDB file {megabytes(settings.published_path)}"
    console.print(f"Release [bold]{versions[0][0]}[/]: {sizes} MB")
    print_table("Published tables", ["table", "rows", "columns"], tables)
    print_table("Sources", ["source", "origin", "newest observation", "last pulled (UTC)", "age"], sources)
    print_table("Newest readings of the list", ["reading", "as of", "printed", "deaths through", "names"], readings)
    for reading, as_of, reason in flagged:
        console.print(f"{reading} of {as_of}: {reason}.")


def megabytes(path: Path) -> str:
    """Size of a file, or of all files in a folder."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return f"{sum(file.stat().st_size for file in files) / 1e6:.1f}"
