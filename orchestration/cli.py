"""The command war-losses.

What belongs here: arguments, what is printed, exit codes. What does not: the work itself.
"""

import csv
import gc
import getpass
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import duckdb
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from orchestration.settings import EMBEDDED_DIR, Settings, load_settings
from orchestration.sources import SOURCES
from orchestration.sources.intake import pull_progress

# Sentences are not broken at the terminal's edge: they are searched for and pasted.
console = Console(highlight=False, soft_wrap=True)
error_console = Console(stderr=True, highlight=False, soft_wrap=True)
UI_PORT = 3000
# A collection of the youngest objects after so many new ones. Python's own 700 walks through what Dagster and pandas
# load, which stays, hundreds of times: half a second of a refresh.
YOUNG_OBJECTS = 100_000


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="war-losses")
def main() -> None:
    """Open warehouse of Russian military losses in Ukraine."""
    gc.set_threshold(YOUNG_OBJECTS)


@main.command()
def prepare() -> None:
    """Make the Dagster instance and dbt's manifest ready."""
    from orchestration import refresh as runner

    runner.prepare(load_settings())


@main.command()
@click.option("--pull", is_flag=True, help="Ask upstream for new figures first.")
def refresh(pull: bool) -> None:
    """Build, check and publish. Exits 0 when a release was published, 1 when nothing was."""
    from orchestration import refresh as runner

    settings = load_settings()
    started = time.monotonic()
    with _problems_in_words(settings), _progress() as listener, pull_progress.listening(listener):
        runner.prepare(settings)
        outcome = runner.refresh(settings, pull=pull, tell=error_console.print)
    if outcome.pulls:
        rows = [(p.source, p.new, p.changed, p.unchanged, p.gone) for p in outcome.pulls]
        console.print(_table("Pulled files", ["source", "new", "changed", "unchanged", "gone"], rows))
    if outcome.published:
        _print_release(settings)
    _print_checks(outcome.checks)
    for problem in runner.wrap_up(settings, outcome.run_id):
        error_console.print(f"[yellow]{escape(problem)}[/]")
    if not outcome.published:
        _print_problems(settings, outcome)
        sys.exit(1)
    console.print(f"\nPublished in {time.monotonic() - started:.1f} s: [bold]{escape(str(settings.published_path))}[/]")
    console.print("Ask it:  war-losses query \"from deaths_by_week_as_of('2025-05-13') limit 5\"")


@main.command()
def status() -> None:
    """What is published: sources and their age, the newest vintage, checks that did not pass."""
    settings = load_settings()
    with _problems_in_words(settings):
        _print_release(settings)
        with _published(settings) as connection:
            rows = connection.execute(
                "select asset, check_name, severity, measured, meaning from quality_checks"
                " where not passed order by all"
            ).fetchall()
        console.print(_table("Checks that did not pass", ["asset", "check", "severity", "measured", "meaning"], rows))


@main.command()
def releases() -> None:
    """The releases that are kept; each can be published again."""
    settings = load_settings()
    rows = [
        (stored.version, "published" if stored.is_published else "", _megabytes(stored.folder), str(stored.folder))
        for stored in _releases(settings).stored()
    ]
    console.print(_table("Releases", ["version", "", "MB", "folder"], rows))


@main.command()
@click.argument("version")
def rollback(version: str) -> None:
    """Publish an earlier release again (see: war-losses releases). The next refresh publishes a new one."""
    from orchestration.runs.refresh_lock import refresh_lock

    settings = load_settings()
    with _problems_in_words(settings), refresh_lock(settings, error_console.print):
        _releases(settings).roll_back(version)
    console.print(f"Published again: {version}")


@main.command()
@click.argument("sql")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of a table.")
def query(sql: str, as_csv: bool) -> None:
    """Ask the published file. Read-only; reaches neither files nor the network."""
    settings = load_settings()
    with _problems_in_words(settings), _published(settings) as connection:
        answer = connection.execute(sql)
        columns = [column[0] for column in answer.description or []]
        rows = answer.fetchall()
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    else:
        console.print(_table(None, columns, rows))


@main.command()
@click.option("--port", default=UI_PORT, show_default=True)
@click.option("--read-only", is_flag=True, help="Only to look at, beside the operator's own: see docs/exposure.md.")
def ui(port: int, read_only: bool) -> None:
    """The Dagster UI on this machine only, with the daemon that runs the nightly schedule."""
    from orchestration import refresh as runner
    from orchestration.ui import server

    settings = load_settings()
    started = time.monotonic()
    starting = error_console.status("starting the UI")

    def say_ready() -> None:
        starting.stop()
        mode = " (read-only)" if read_only else ""
        console.print(
            f"Dagster UI{mode}: [bold]http://{server.ADDRESS}:{port}[/]  "
            f"(ready in {time.monotonic() - started:.1f} s, Ctrl-C ends it)"
        )

    with _problems_in_words(settings), starting:
        runner.prepare(settings)
        try:
            server.serve(settings, server.View(port, read_only), say_ready)
        except server.UiError as error:
            error_console.print(f"[red]{escape(str(error))}[/]")
            sys.exit(1)


_source = click.argument("source", type=click.Choice(sorted(SOURCES)))
_sha = click.option("--sha", default="", metavar="PREFIX", help="Which version of the path, if there are several.")
_why = click.option("--why", required=True, metavar="TEXT", help="The reason; it stands in the ledger.")
_who = click.option("--who", default=lambda: _user(), show_default="your user name", help="Who decides.")


@main.command()
@click.option("--all", "superseded", is_flag=True, help="Also versions that a later one of their path replaced.")
def quarantine(superseded: bool) -> None:
    """What was pulled or brought and is not in use: quarantined as implausible, rejected by its parser, set aside."""
    from orchestration.sources.intake.archive import Archive
    from orchestration.sources.intake.quarantine import SHORT_SHA

    settings = load_settings()
    with _problems_in_words(settings):
        archive = Archive(settings.raw_dir)
        files = [
            file
            for source in SOURCES
            for file in (
                archive.files(source, ("quarantined", "rejected")) if superseded else archive.held_back(source)
            )
        ]
    for file in files:
        seen = f"{file.state} by {file.recorded_by}, first seen {file.first_seen_at:%Y-%m-%d %H:%M} UTC"
        console.print(escape(f"{file.source} {file.path} --sha {file.blob_sha[:SHORT_SHA]}  ({seen})"), style="bold")
        console.print(escape(f"    {file.reason}"))
    console.print("To use one: war-losses accept ... --why TEXT" if files else "Nothing is held back.")


@main.command()
@_source
@click.argument("path")
@_sha
@_why
@_who
def accept(source: str, path: str, sha: str, why: str, who: str) -> None:
    """Use a quarantined file from the next refresh on. PATH as war-losses quarantine lists it."""
    from orchestration.sources.intake import decisions
    from orchestration.sources.intake.archive import Archive

    settings = load_settings()
    with _problems_in_words(settings):
        decision = decisions.accept(source, path, Archive(settings.raw_dir), who=who, why=why, sha=sha)
    _print_decision("Accepted", decision, who)
    if not decision.in_force:
        console.print("A newer version of this path is in use and stays so; war-losses set-aside takes it out.")


@main.command("set-aside")
@_source
@click.argument("path")
@_sha
@_why
@_who
def set_aside(source: str, path: str, sha: str, why: str, who: str) -> None:
    """Take a file out of use from the next refresh on; the version before it, or the shipped figures, are used."""
    from orchestration.sources.intake import decisions
    from orchestration.sources.intake.archive import Archive

    settings = load_settings()
    with _problems_in_words(settings):
        decision = decisions.set_aside(source, path, Archive(settings.raw_dir), who=who, why=why, sha=sha)
    _print_decision("Set aside", decision, who)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", required=True, type=click.Choice(sorted(SOURCES)), help="Which source it is a file of.")
@click.option(
    "--as-of",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day it is of: of a daily file its day, of a weekly export its release, else its newest figures.",
)
@click.option("--why", default="brought by hand", show_default=True, metavar="TEXT", help="The reason, for the ledger.")
@_who
def add(file: Path, source: str, as_of: datetime, why: str, who: str) -> None:
    """Use a FILE you downloaded from the next refresh on. It is judged as a pulled one is, and stays where it is."""
    from orchestration.sources.intake import embedded
    from orchestration.sources.intake.archive import Archive
    from orchestration.sources.intake.upload import upload

    settings = load_settings()
    with _problems_in_words(settings):
        archive, shipped = Archive(settings.raw_dir), embedded.read_embedded(EMBEDDED_DIR)
        uploaded = upload(file, source, as_of.date(), archive, shipped, who=who, why=why)
    kept = f"{uploaded.file.path} in version {uploaded.file.blob_sha[:8]} of {source}"
    console.print(escape(f"Added: {kept}." if uploaded.is_news else f"Nothing to do: {kept} is in use already."))
    if uploaded.is_news:
        console.print("Next: war-losses refresh")


@main.command()
def embed() -> None:
    """Write data/embedded, the shipped figures, from the observations of the last refresh."""
    from orchestration.sources import TABLES, tables
    from orchestration.sources.intake import embedded, provenance
    from orchestration.sources.intake.archive import Archive

    settings = load_settings()
    with _problems_in_words(settings):
        archive = Archive(settings.raw_dir)
        filled = {name: tables.read_table(settings.observations_dir, shape) for name, shape in TABLES.items()}
        shipped_refs = embedded.read_refs(EMBEDDED_DIR)
        # A source without a pulled file still rests on what the shipped figures were parsed from.
        refs = {name: provenance.files_ref(name, archive) or shipped_refs[name] for name in SOURCES}
        embedded.write_embedded(filled, refs, EMBEDDED_DIR)
    console.print(f"Written: {escape(str(EMBEDDED_DIR))}. Review the difference before committing it.")


@contextmanager
def _progress() -> Iterator[pull_progress.Listener]:
    """A bar for what is fetched and a sign of life for the rest, on the terminal only."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=error_console, transient=True) as progress:
        progress.add_task("building and checking", total=None)
        tasks: dict[str, TaskID] = {}

        def listen(source: str, done: int, to_fetch: int) -> None:
            if source not in tasks:
                tasks[source] = progress.add_task(f"pulling {source}", total=to_fetch)
            progress.update(tasks[source], completed=done)

        yield listen


@contextmanager
def _problems_in_words(settings: Settings) -> Iterator[None]:
    """Expected failures end with a sentence and exit code 1, not with a stack of calls."""
    from sqlalchemy.exc import DBAPIError

    from orchestration.dbt.manifest import ManifestError
    from orchestration.runs.refresh_lock import RefreshLockedError
    from orchestration.sources.errors import ArchiveError, RefusedFileError, SourceFormatError

    in_words = (ManifestError, ArchiveError, RefreshLockedError, RefusedFileError, SourceFormatError, FileNotFoundError)
    try:
        yield
    except in_words as error:
        error_console.print(f"[red]{escape(str(error))}[/]")
        sys.exit(1)
    except (OSError, DBAPIError) as error:  # a full disk, a folder that cannot be written, met by us or by Dagster
        error_console.print(
            f"[red]{escape(str(error))}[/]\n{escape(str(settings.data_dir))} must be writable and have room: "
            "a refresh needs about 200 MB. What was published before is as it was."
        )
        sys.exit(1)
    except duckdb.Error as error:
        error_console.print(f"[red]{escape(str(error))}[/]")
        sys.exit(1)


@contextmanager
def _published(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file, read-only and locked in: no other files, no network, no change of settings."""
    if not settings.published_path.exists():
        raise FileNotFoundError(f"{settings.published_path} is not there yet. Publish first: war-losses refresh")
    with duckdb.connect(
        str(settings.published_path),
        read_only=True,
        config={"enable_external_access": "false", "lock_configuration": "true"},
    ) as connection:
        yield connection


def _releases(settings: Settings) -> Any:
    from orchestration.release.history import Releases

    return Releases(settings.published_dir, settings.releases_dir)


def _megabytes(folder: Path) -> str:
    """Size of all files of a release."""
    return f"{sum(path.stat().st_size for path in folder.rglob('*') if path.is_file()) / 1e6:.1f}"


def _print_release(settings: Settings) -> None:
    with _published(settings) as connection:
        tables = connection.execute(
            "select table_name, estimated_size, column_count from duckdb_tables() where schema_name = 'main' order by 1"
        ).fetchall()
        sources = connection.execute(
            "select source, origin, last_observation, last_pulled_at, if(is_stale, 'stale', 'current') "
            "from source_status order by 1"
        ).fetchall()
        as_of = connection.execute(
            "select as_of, data_through, dated_total, named_total from vintages order by as_of desc limit 1"
        ).fetchall()
    in_use = [stored.version for stored in _releases(settings).stored() if stored.is_published]
    sizes = (
        f"{_megabytes(settings.published_dir)} MB, the DuckDB file {settings.published_path.stat().st_size / 1e6:.1f}"
    )
    console.print(f"Release [bold]{''.join(in_use) or 'without a version'}[/]: {sizes} MB")
    console.print(_table("Published tables", ["table", "rows", "columns"], tables))
    console.print(_table("Sources", ["source", "origin", "newest observation", "last pulled (UTC)", "age"], sources))
    console.print(_table("Confirmed deaths", ["as of", "deaths through", "dated", "on the list"], as_of))


def _print_checks(checks: Sequence[Any]) -> None:
    passed = sum(check.passed for check in checks)
    warnings = [check for check in checks if not check.passed and check.severity == "warn"]
    errors = [check for check in checks if not check.passed and check.severity == "error"]
    console.print(
        f"\nChecks: [green]{passed} passed[/], [yellow]{len(warnings)} to look at[/], [red]{len(errors)} failed[/]"
    )
    for colour, failed in (("yellow", warnings), ("red", errors)):
        for check in failed:
            console.print(f"  [{colour}]{check.check_name}[/] ({check.asset}): {escape(check.measured or 'failed')}")
            console.print(f"      {escape(check.meaning)}", style="dim")


def _print_problems(settings: Settings, outcome: Any) -> None:
    release = settings.published_path
    error_console.print("\n[red bold]Nothing was published.[/]", end=" ")
    error_console.print(
        f"The release is as it was: {escape(str(release))}" if release.exists() else "There was no release before."
    )
    for problem in outcome.problems:
        error_console.print(f"[red]{escape(problem)}[/]")
    error_console.print(
        f"Next: correct what is named above and run war-losses refresh again; the whole run is in the UI "
        f"(make ui), run {outcome.run_id}."
    )


def _user() -> str:
    """Who is at the keyboard; empty where the system has no name for it, which asks for --who."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _print_decision(deed: str, decision: Any, who: str) -> None:
    file = decision.file
    console.print(
        escape(f"{deed}: {file.path} in version {file.blob_sha[:8]} of {file.source}, by {who}: {file.reason}")
    )
    if decision.judged_again:
        console.print(f"Quarantined files of this source that are judged again: {decision.judged_again}")
    console.print("Next: war-losses refresh")


def _table(title: str | None, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for index, column in enumerate(columns):
        numeric = any(isinstance(row[index], (int, float)) and not isinstance(row[index], bool) for row in rows)
        table.add_column(str(column), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else escape(_shown(value)) for value in row))
    return table


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


if __name__ == "__main__":
    main()
