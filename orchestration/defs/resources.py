"""What assets need at run time, as Dagster resources.

What belongs here: handing settings to the pure functions. What does not: reading the environment (settings.py).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import dagster as dg
from dagster_dbt import DbtCliResource
from pydantic import PrivateAttr

from orchestration.dbt.manifest import DBT_COMMAND
from orchestration.runs.refresh_lock import refresh_lock
from orchestration.runs.stale_runs import run_lock
from orchestration.settings import DBT_PROJECT_DIR, Settings, load_settings
from orchestration.sources.intake.archive import Archive
from orchestration.sources.intake.github import GitHub


class WarLosses(dg.ConfigurableResource):
    """The folders and addresses of this installation, read from the environment when a run starts.

    While a run lasts it holds the lock of the data directory, and one of its own that tells a living run from a dead.
    """

    _github: GitHub | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["WarLosses"]:
        """Wait for the lock, then lend the resource to the run; raises RefreshLockedError."""
        if context.run is None or context.log is None:
            raise RuntimeError("the folders of an installation are lent to runs only")
        with run_lock(self.settings, context.run.run_id), refresh_lock(self.settings, on_wait=context.log.info):
            yield self

    @property
    def settings(self) -> Settings:
        """Typed paths and addresses."""
        return load_settings()

    @property
    def archive(self) -> Archive:
        """The raw files and their ledger."""
        return Archive(self.settings.raw_dir)

    @property
    def github(self) -> GitHub:
        """One client a run: sources in the same repository share its listing."""
        if self._github is None:
            self._github = GitHub(self.settings)
        return self._github


class DbtCommand(DbtCliResource):
    """dbt as a child process, without the second adapter that Dagster would set up in its own.

    That one serves fetch_row_counts and fetch_column_metadata, which wait for dbt's writer.
    """

    # Whoever calls it takes None for an adapter that could not be had.
    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        return None


def dbt_resource() -> DbtCommand:
    """dbt of this very virtual environment."""
    return DbtCommand(
        project_dir=str(DBT_PROJECT_DIR),
        profiles_dir=str(DBT_PROJECT_DIR),
        dbt_executable=str(DBT_COMMAND),
        # Dagster keeps what dbt prints; nobody reads dbt's own log of every statement.
        global_config_flags=["--log-level-file", "none"],
    )
