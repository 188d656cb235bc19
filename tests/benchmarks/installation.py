"""An installation to measure: a copy of the code with figures of its own, and a data directory of its own.

What belongs here: how the commands are called on it. What does not: what is measured of them (lines.py).
"""

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from orchestration.settings import DBT_PROJECT_DIR, PROJECT_ROOT, SHIPPED_DIR
from orchestration.sources.base import Tables
from orchestration.sources.intake.shipped import read_refs, read_shipped, write_shipped
from tests.benchmarks.measuring import Run, run

BIN = Path(sys.executable).parent
# A refresh of ten times the figures takes under a minute on an idle machine.
TIMEOUT_S = 300
# Nobody listens there: what is not asked of loopback must not be asked at all.
_NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Installation:
    """Code under `code`, everything a run writes under `data`. The figures it ships may be made up."""

    code: Path
    data: Path

    def command(self, *command: str | Path, upstream: str = _NOWHERE) -> Run:
        """Run one command of the virtual environment on this installation."""
        environment = {
            # Before the checkout, which the virtual environment knows as installed.
            "PYTHONPATH": str(self.code),
            "WAR_LOSSES_DATA_DIR": str(self.data),
            "DAGSTER_HOME": str(self.data / "dagster"),
            "WAR_LOSSES_GITHUB_API": upstream,
            "WAR_LOSSES_GITHUB_RAW": upstream,
            "WAR_LOSSES_NOTIFY_URLS": "",
            "DO_NOT_TRACK": "1",
            "GITHUB_TOKEN": "",
        }
        return run([BIN / command[0], *command[1:]], environment, TIMEOUT_S, self.code)

    def prepare(self) -> "Installation":
        """Set up, and run once, so that what is measured is a later refresh: caches are warm, a release is there."""
        self.command("war-losses", "prepare")
        self.refresh()
        return self

    def refresh(self) -> Run:
        """A refresh without a pull."""
        return self.command("war-losses", "refresh")

    def pull(self, upstream: str) -> Run:
        """A refresh that asks upstream first."""
        return self.command("war-losses", "refresh", "--pull", upstream=upstream)

    def bare_dbt(self) -> Run:
        """dbt's own command, asked for what a refresh asks of it: the same models, tests and seeds of the same data."""
        return self.command(
            *("dbt", "--log-level-file", "none", "build", "--exclude-resource-type", "unit_test"),
            *("--project-dir", self.dbt_project, "--profiles-dir", self.dbt_project),
            *("--target-path", self.data / "dbt" / "target"),
        )

    @property
    def dbt_project(self) -> Path:
        """The dbt project of this copy."""
        return self.code / DBT_PROJECT_DIR.relative_to(PROJECT_ROOT)

    @property
    def published(self) -> Path:
        """What analysts open."""
        return self.data / "published"

    @property
    def run_results(self) -> Path:
        """What dbt says of its last run."""
        return self.data / "dbt" / "target" / "run_results.json"


def install(
    folder: Path,
    grow: Callable[[Tables], Tables] | None = None,
    grow_seeds: Mapping[str, Callable[[pd.DataFrame], pd.DataFrame]] | None = None,
) -> Installation:
    """A copy of the code in an empty folder; its figures, and its dbt seeds by name, grown if asked for."""
    code = folder / "code"
    for part in (PROJECT_ROOT / "orchestration", DBT_PROJECT_DIR, SHIPPED_DIR):
        shutil.copytree(
            part,
            code / part.relative_to(PROJECT_ROOT),
            ignore=shutil.ignore_patterns("__pycache__", "target", "logs"),
        )
    shipped = code / SHIPPED_DIR.relative_to(PROJECT_ROOT)
    if grow:
        refs = read_refs(shipped)
        write_shipped(grow(read_shipped(shipped)), refs, shipped)
    for name, grow_seed in (grow_seeds or {}).items():
        seed = code / DBT_PROJECT_DIR.relative_to(PROJECT_ROOT) / "seeds" / f"{name}.csv"
        grow_seed(pd.read_csv(seed, dtype=str, keep_default_na=False)).to_csv(seed, index=False, lineterminator="\n")
    data = folder / "data"
    data.mkdir()
    return Installation(code, data)
