"""Expected failures, told in a sentence.

What belongs here: which errors a person can act on, and what is printed of them. What does not: their messages, which
are written where they are raised.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.markup import escape

from orchestration.cli.console import error_console
from orchestration.settings import Settings


@contextmanager
def problems_in_words(settings: Settings) -> Iterator[None]:
    """Expected failures end with a sentence and exit code 1, not with a stack of calls."""
    # Classes are looked up when something was raised: most commands end without loading what could have raised it.
    try:
        yield
    except _self_explaining() as error:
        error_console.print(f"[red]{escape(str(error))}[/]")
        sys.exit(1)
    except _hindered_writing() as error:
        error_console.print(
            f"[red]{escape(str(error))}[/]\n{escape(str(settings.data_dir))} must be writable and have room: "
            "a refresh needs about 200 MB. What was published before is as it was."
        )
        sys.exit(1)


def _self_explaining() -> tuple[type[Exception], ...]:
    """Errors whose message says what to do."""
    import duckdb

    from orchestration.dbt.manifest import ManifestError
    from orchestration.runs.refresh_lock import RefreshLockedError
    from orchestration.sources.errors import ArchiveError, RefusedFileError, SourceFormatError

    return (
        ManifestError,
        ArchiveError,
        RefreshLockedError,
        RefusedFileError,
        SourceFormatError,
        FileNotFoundError,
        duckdb.Error,
    )


def _hindered_writing() -> tuple[type[Exception], ...]:
    """A full disk, a folder that cannot be written, met by us or by Dagster."""
    from sqlalchemy.exc import DBAPIError

    return (OSError, DBAPIError)
