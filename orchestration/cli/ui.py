"""The command that serves the Dagster UI."""

import sys
import time

import click
from rich.markup import escape

from orchestration.cli.console import console, error_console
from orchestration.cli.problems import problems_in_words
from orchestration.settings import load_settings

UI_PORT = 3000


@click.command()
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

    with problems_in_words(settings), starting:
        runner.prepare(settings)
        try:
            server.serve(settings, server.View(port, read_only), say_ready)
        except server.UiError as error:
            error_console.print(f"[red]{escape(str(error))}[/]")
            sys.exit(1)
