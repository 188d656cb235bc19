"""What assets need at run time, as Dagster resources.

What belongs here: handing settings to the pure functions. What does not: reading the environment (settings.py).
"""

import sys
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtCliResource
from pydantic import PrivateAttr

from orchestration.settings import DBT_PROJECT_DIR, Settings, load_settings
from orchestration.sources.archive import Archive
from orchestration.sources.github import GitHub


class WarLosses(dg.ConfigurableResource):
    """The folders and addresses of this installation, read from the environment when a run starts."""

    _github: GitHub | None = PrivateAttr(default=None)

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
