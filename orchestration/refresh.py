"""One run of the pipeline in this process, visible in the Dagster UI afterwards, and what it came to.

What belongs here: preparing the instance, running a job, gathering its outcome. What does not: printing it (cli/)
and what the job does (definitions.py).
"""

import os
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from filelock import FileLock

from orchestration.dbt import manifest
from orchestration.release.check_results import CheckResult
from orchestration.runs.check_history import latest_check_results
from orchestration.runs.failures import step_failure_reason
from orchestration.runs.pulls import Pulled, pulls_of_run
from orchestration.runs.refresh_lock import refresh_lock
from orchestration.runs.retention import delete_old_runs
from orchestration.runs.stale_runs import COMMAND_LINE_TAG, end_stale_runs
from orchestration.settings import Settings
from orchestration.sources.intake import inbox

INSTANCE_CONFIG = Path(__file__).with_name("dagster.yaml")
# Preparing takes ten seconds the first time; several commands at once wait for one another.
PREPARE_TIMEOUT_S = 300


@dataclass(frozen=True)
class RefreshOutcome:
    """What a run came to. `published` is whether a release was swapped in; `problems` say why not."""

    published: bool
    run_id: str
    checks: list[CheckResult]
    problems: list[str] = field(default_factory=list)
    pulls: list[Pulled] = field(default_factory=list)


def prepare(settings: Settings) -> None:
    """Make the folders, the Dagster instance and dbt's manifest ready. Quick when they are.

    Sets DAGSTER_HOME and WAR_LOSSES_DATA_DIR for this process and those it starts.

    Raises:
        OSError: the data directory cannot be written.
        orchestration.dbt.manifest.ManifestError: the dbt project does not parse.
    """
    os.environ["WAR_LOSSES_DATA_DIR"] = str(settings.data_dir)
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ["DO_NOT_TRACK"] = "1"
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    inbox.make_folders(settings.inbox_dir)
    config = settings.dagster_home / "dagster.yaml"
    if not config.exists() or config.read_bytes() != INSTANCE_CONFIG.read_bytes():
        shutil.copyfile(INSTANCE_CONFIG, config)
    # The first to open an empty instance creates its tables; several at once can break it.
    with FileLock(settings.data_dir / ".prepare.lock", timeout=PREPARE_TIMEOUT_S):
        with dg.DagsterInstance.get() as instance:
            instance.get_runs_count()
        manifest.prepare(settings)


def refresh(settings: Settings, pull: bool, on_wait: Callable[[str], object]) -> RefreshOutcome:
    """Run the whole pipeline.

    Args:
        settings: where to read and write.
        pull: ask upstream first.
        on_wait: is told if another refresh has to be waited for.

    Raises:
        orchestration.runs.refresh_lock.RefreshLockedError: another refresh did not end.
    """
    # Taken before the run is recorded: a run that Dagster counts as started is one that works.
    with refresh_lock(settings, on_wait):
        return _refresh(settings, pull)


def _refresh(settings: Settings, pull: bool) -> RefreshOutcome:
    from orchestration.definitions import check_specs, defs  # dbt's manifest must be there before the definitions load
    from orchestration.defs.release import RELEASE_KEY

    job = defs.resolve_job_def("nightly_refresh" if pull else "rebuild")
    with dg.DagsterInstance.get() as instance:
        end_stale_runs(instance, settings, holds_refresh_lock=True)
        # What dbt prints line by line is in the run's log; the terminal gets the summary.
        with settings.run_log_path.open("w", encoding="utf-8") as log, redirect_stdout(log):
            result = job.execute_in_process(
                instance=instance,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                tags=dict([COMMAND_LINE_TAG]),
            )
        checks = latest_check_results(instance, check_specs)
        published = any(event.asset_key == RELEASE_KEY for event in result.get_asset_materialization_events())
        return RefreshOutcome(
            published=published and result.success,
            run_id=result.run_id,
            checks=checks,
            problems=[step_failure_reason(event) for event in result.all_events if event.is_step_failure],
            pulls=pulls_of_run(instance, result.run_id),
        )


def wrap_up(settings: Settings, run_id: str) -> list[str]:
    """What follows a run of the command line once others may refresh: a message if it was red, and old runs deleted.

    Args:
        settings: the installation.
        run_id: the run that ended.

    Returns:
        What could not be done. Nothing of it is raised: the outcome of the refresh stands.
    """
    from orchestration.definitions import check_specs
    from orchestration.defs.messages import tell_about_run

    with dg.DagsterInstance.get() as instance:
        problems = [f"A message was not sent: {p}" for p in tell_about_run(instance, run_id, settings, check_specs)]
        try:
            delete_old_runs(instance, [spec.key for spec in check_specs], datetime.now(UTC))
        except Exception as error:  # noqa: BLE001 - tidying up may wait for the next time, whatever hindered it
            problems.append(f"Old runs were not deleted ({error}).")
    return problems
