"""What assets need at run time, as Dagster resources.

What belongs here: handing settings to the pure functions. What does not: reading the environment (settings.py).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtCliResource
from filelock import FileLock, Timeout
from pydantic import PrivateAttr

from orchestration.settings import DBT_PROJECT_DIR, Settings, load_settings
from orchestration.sources.archive import Archive
from orchestration.sources.github import GitHub

# A refresh takes under a minute, a first pull some minutes: a lock held for longer belongs to a run that hangs.
LOCK_TIMEOUT_S = 30 * 60


class WarLosses(dg.ConfigurableResource):
    """The folders and addresses of this installation, read from the environment when a run starts.

    It holds the installation's lock while a run lasts: DuckDB takes one writer, and runs started on the command line
    pass by the UI's queue. The operating system releases the lock when a process ends, however it ends.
    """

    _github: GitHub | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["WarLosses"]:
        """Wait for the lock, then lend the resource to the run.

        Raises:
            dagster.Failure: another run held the lock all the time.
        """
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        path = self.settings.lock_path
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waiting = f"Another refresh is running (it holds {path}): waiting for it to end."
            print(waiting, file=sys.stderr)
            context.log.info(waiting)
            try:
                lock.acquire(timeout=LOCK_TIMEOUT_S)
            except Timeout:
                raise dg.Failure(
                    f"Another refresh has held {path} for {LOCK_TIMEOUT_S // 60} minutes. Look at it in the UI and end "
                    "it if it hangs; then run this one again."
                ) from None
        try:
            yield self
        finally:
            lock.release()

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


def dbt_resource() -> DbtCliResource:
    """dbt of this very virtual environment, whether or not it is on the PATH."""
    return DbtCliResource(
        project_dir=str(DBT_PROJECT_DIR),
        profiles_dir=str(DBT_PROJECT_DIR),
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
    )
