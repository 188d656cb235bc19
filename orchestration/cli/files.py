"""Commands about the files of a source: held back, accepted, set aside, added by hand, shipped."""

import getpass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from orchestration.cli.console import console
from orchestration.cli.problems import problems_in_words
from orchestration.settings import SHIPPED_DIR, load_settings
from orchestration.sources import SOURCES

if TYPE_CHECKING:
    from orchestration.sources.intake.decisions import Decision


def _user() -> str:
    """Who is at the keyboard; empty where the system has no name for it, which asks for --who."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


_source = click.argument("source", type=click.Choice(sorted(SOURCES)))
_sha = click.option("--sha", default="", metavar="PREFIX", help="Which version of the path, if there are several.")
_why = click.option("--why", required=True, metavar="TEXT", help="The reason; it stands in the ledger.")
_who = click.option("--who", default=_user, show_default="your user name", help="Who decides.")


@click.command()
@click.option("--all", "superseded", is_flag=True, help="Also versions that a later one of their path replaced.")
def quarantine(superseded: bool) -> None:
    """What was pulled or added and is not in use: quarantined as implausible, rejected by its parser, set aside."""
    from orchestration.sources.intake.archive import Archive
    from orchestration.sources.intake.quarantine import SHORT_SHA

    settings = load_settings()
    with problems_in_words(settings):
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


@click.command()
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
    with problems_in_words(settings):
        decision = decisions.accept(source, path, Archive(settings.raw_dir), who=who, why=why, sha=sha)
    _print_decision("Accepted", decision, who)
    if not decision.in_force:
        console.print("A newer version of this path is in use and stays so; war-losses set-aside takes it out.")


@click.command("set-aside")
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
    with problems_in_words(settings):
        decision = decisions.set_aside(source, path, Archive(settings.raw_dir), who=who, why=why, sha=sha)
    _print_decision("Set aside", decision, who)


@click.command()
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
    from orchestration.sources.intake.archive import Archive
    from orchestration.sources.intake.shipped import read_shipped
    from orchestration.sources.intake.upload import upload

    settings = load_settings()
    with problems_in_words(settings):
        archive, shipped = Archive(settings.raw_dir), read_shipped(SHIPPED_DIR)
        uploaded = upload(file, source, as_of.date(), archive, shipped, who=who, why=why)
    kept = f"{uploaded.file.path} in version {uploaded.file.blob_sha[:8]} of {source}"
    console.print(escape(f"Added: {kept}." if uploaded.is_news else f"Nothing to do: {kept} is in use already."))
    if uploaded.is_news:
        console.print("Next: war-losses refresh")


@click.command()
def embed() -> None:
    """Write data/embedded, the shipped figures, from the observations of the last refresh."""
    from orchestration.sources import TABLES, tables
    from orchestration.sources.intake import provenance
    from orchestration.sources.intake.archive import Archive
    from orchestration.sources.intake.shipped import read_refs, write_shipped

    settings = load_settings()
    with problems_in_words(settings):
        archive = Archive(settings.raw_dir)
        filled = {name: tables.read_table(settings.observations_dir, shape) for name, shape in TABLES.items()}
        # A source without a pulled file still rests on what the shipped figures were parsed from.
        refs = read_refs(SHIPPED_DIR)
        refs |= {name: ref for name in SOURCES if (ref := provenance.files_ref(name, archive))}
        write_shipped(filled, refs, SHIPPED_DIR)
    console.print(f"Written: {escape(str(SHIPPED_DIR))}. Review the difference before committing it.")


def _print_decision(deed: str, decision: "Decision", who: str) -> None:
    file = decision.file
    console.print(
        escape(f"{deed}: {file.path} in version {file.blob_sha[:8]} of {file.source}, by {who}: {file.reason}")
    )
    if decision.judged_again:
        console.print(f"Quarantined files of this source that are judged again: {decision.judged_again}")
    console.print("Next: war-losses refresh")
