"""Environment → typed absolute paths and limits. The only module that reads the environment.

What belongs here: every variable the project listens to, with its default. What does not: decisions made with them.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"
# The shipped figures are part of the code: read from the checkout wherever the data directory is.
SHIPPED_DIR = PROJECT_ROOT / "data" / "embedded"


@dataclass(frozen=True)
class Settings:
    """Where a run reads and writes. All paths are absolute."""

    data_dir: Path
    github_api: str
    github_raw: str
    github_token: str | None
    pull_timeout_s: float = 30.0  # between two pieces of an answer: a server that is silent for longer hangs
    # Where messages about red runs go; the addresses hold secrets and are never printed.
    notify_urls: tuple[str, ...] = field(default=(), repr=False)
    # The UI's address in those messages.
    ui_url: str = "http://127.0.0.1:3000"
    # Names under which a reverse proxy shows the read-only UI, as browsers send them in Host.
    ui_hosts: tuple[str, ...] = ()

    @property
    def raw_dir(self) -> Path:
        """Files as served by upstream, write-once, with their ledger."""
        return self.data_dir / "raw"

    @property
    def observations_dir(self) -> Path:
        """One tidy Parquet table an observation series."""
        return self.data_dir / "observations"

    @property
    def warehouse_path(self) -> Path:
        """The pipeline's own DuckDB file. Only dbt writes it; analysts never open it."""
        return self.data_dir / "warehouse" / "war_losses.duckdb"

    @property
    def published_dir(self) -> Path:
        """What analysts open: a link to the release in use."""
        return self.data_dir / "published"

    @property
    def published_path(self) -> Path:
        """The published DuckDB file."""
        return self.published_dir / "war_losses.duckdb"

    @property
    def releases_dir(self) -> Path:
        """The releases, the one in use among them."""
        return self.data_dir / "releases"

    @property
    def inbox_dir(self) -> Path:
        """A folder a source in which people put files they downloaded."""
        return self.data_dir / "inbox"

    @property
    def lock_path(self) -> Path:
        """The lock of whoever is refreshing."""
        return self.data_dir / ".refresh.lock"

    @property
    def dagster_home(self) -> Path:
        """The Dagster instance: runs, events, schedules."""
        return self.data_dir / "dagster"

    @property
    def dbt_target_dir(self) -> Path:
        """What dbt writes while it runs: compiled SQL, results, the partial-parsing cache."""
        return self.data_dir / "dbt" / "target"

    @property
    def manifest_path(self) -> Path:
        """dbt's manifest as the definitions read it, replaced whole: a killed dbt leaves its own half-written."""
        return self.data_dir / "dbt" / "manifest.json"

    @property
    def run_log_path(self) -> Path:
        """What the last refresh on the command line printed, line by line."""
        return self.data_dir / "refresh.log"


def load_settings() -> Settings:
    """Read the environment. Called where a process starts, never at import."""
    data_dir = Path(os.environ.get("WAR_LOSSES_DATA_DIR") or PROJECT_ROOT / "data")
    return Settings(
        data_dir=data_dir.expanduser().resolve(),
        github_api=os.environ.get("WAR_LOSSES_GITHUB_API", "https://api.github.com").rstrip("/"),
        github_raw=os.environ.get("WAR_LOSSES_GITHUB_RAW", "https://raw.githubusercontent.com").rstrip("/"),
        github_token=os.environ.get("GITHUB_TOKEN") or None,
        pull_timeout_s=float(os.environ.get("WAR_LOSSES_PULL_TIMEOUT_S") or 30),
        notify_urls=_notify_urls(os.environ.get("WAR_LOSSES_NOTIFY_URLS", "")),
        ui_url=os.environ.get("WAR_LOSSES_UI_URL", "http://127.0.0.1:3000").rstrip("/"),
        ui_hosts=tuple(os.environ.get("WAR_LOSSES_UI_HOSTS", "").replace(",", " ").split()),
    )


def _notify_urls(listed: str) -> tuple[str, ...]:
    """Split at white space, and at a comma only before the next address: an address may hold commas of its own."""
    return tuple(url.strip(",") for url in re.split(r"\s+|,(?=\w+://)", listed) if url.strip(","))
