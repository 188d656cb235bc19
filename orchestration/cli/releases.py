"""Commands about what is published: look at it, ask it, go back to an earlier release."""

import csv
import sys

import click

from orchestration.cli.console import console, error_console, print_table
from orchestration.cli.problems import problems_in_words
from orchestration.settings import load_settings


@click.command()
def status() -> None:
    """What is published: sources and their age, the newest vintage, checks that did not pass."""
    from orchestration.cli.published_file import open_published, print_release

    settings = load_settings()
    with problems_in_words(settings):
        print_release(settings)
        with open_published(settings) as connection:
            rows = connection.execute(
                "select asset, check_name, severity, measured, meaning from quality_checks"
                " where not passed order by all"
            ).fetchall()
        print_table("Checks that did not pass", ["asset", "check", "severity", "measured", "meaning"], rows)


@click.command()
def releases() -> None:
    """The releases that are kept; each can be published again."""
    from orchestration.cli.published_file import megabytes
    from orchestration.release.history import Releases

    settings = load_settings()
    rows = [
        (stored.version, "published" if stored.is_published else "", megabytes(stored.folder), str(stored.folder))
        for stored in Releases(settings.published_dir, settings.releases_dir).stored()
    ]
    print_table("Releases", ["version", "", "MB", "folder"], rows)


@click.command()
@click.argument("version")
def rollback(version: str) -> None:
    """Publish an earlier release again (see: war-losses releases). The next refresh publishes a new one."""
    from orchestration.release.history import Releases
    from orchestration.runs.refresh_lock import refresh_lock

    settings = load_settings()
    with problems_in_words(settings), refresh_lock(settings, on_wait=error_console.print):
        Releases(settings.published_dir, settings.releases_dir).roll_back(version)
    console.print(f"Published again: {version}")


@click.command()
@click.argument("sql")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of a table.")
def query(sql: str, as_csv: bool) -> None:
    """Ask the published file. Read-only; reaches neither files nor the network."""
    from orchestration.cli.published_file import open_published

    settings = load_settings()
    with problems_in_words(settings), open_published(settings) as connection:
        answer = connection.execute(sql)
        columns = [column[0] for column in answer.description or []]
        rows = answer.fetchall()
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    else:
        print_table(None, columns, rows)
