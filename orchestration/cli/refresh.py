"""Commands that run the pipeline, and what they say of the run."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from orchestration.cli.console import console, error_console, print_table
from orchestration.cli.problems import problems_in_words
from orchestration.settings import Settings, load_settings

if TYPE_CHECKING:
    from orchestration.refresh import RefreshOutcome
    from orchestration.runs.outcome import CheckTally
    from orchestration.sources.intake import pull_progress


@click.command()
def prepare() -> None:
    """Make the Dagster instance and dbt's manifest ready."""
    from orchestration import refresh as runner

    runner.prepare(load_settings())


@click.command()
@click.option("--pull", is_flag=True, help="Ask upstream for new figures first.")
def refresh(pull: bool) -> None:
    """Build, check and publish. Exits 0 when a release was published, 1 when nothing was."""
    from orchestration import refresh as runner
    from orchestration.cli.published_file import print_release
    from orchestration.runs.outcome import CheckTally
    from orchestration.sources.intake import pull_progress

    settings = load_settings()
    started = time.monotonic()
    with problems_in_words(settings), _progress() as listener, pull_progress.listening(listener):
        runner.prepare(settings)
        outcome = runner.refresh(settings, pull=pull, on_wait=error_console.print)
    if outcome.pulls:
        rows = [(p.source, p.new, p.changed, p.unchanged, p.gone) for p in outcome.pulls]
        print_table("Pulled files", ["source", "new", "changed", "unchanged", "gone"], rows)
    if outcome.published:
        print_release(settings)
    _print_checks(CheckTally.of(outcome.checks))
    for problem in runner.wrap_up(settings, outcome.run_id):
        error_console.print(f"[yellow]{escape(problem)}[/]")
    if not outcome.published:
        _print_problems(settings, outcome)
        sys.exit(1)
    console.print(f"\nPublished in {time.monotonic() - started:.1f} s: [bold]{escape(str(settings.published_path))}[/]")
    console.print("Ask it:  war-losses query \"from deaths_by_week_as_of('2025-05-13') limit 5\"")


@contextmanager
def _progress() -> Iterator["pull_progress.Listener"]:
    """A bar for what is fetched and a sign of life for the rest, on the terminal only."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
    )

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


def _print_checks(tally: "CheckTally") -> None:
    coloured = zip(("green", "yellow", "red"), tally.counts, strict=True)
    console.print(f"\nChecks: {', '.join(f'[{colour}]{count}[/]' for colour, count in coloured)}")
    for colour, checks in (("yellow", tally.to_look_at), ("red", tally.failed)):
        for check in checks:
            console.print(f"  [{colour}]{check.check_name}[/] ({check.asset}): {escape(check.measured or 'failed')}")
            console.print(f"      {escape(check.meaning)}", style="dim")


def _print_problems(settings: Settings, outcome: "RefreshOutcome") -> None:
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
