"""Runs whose process is gone but which Dagster still counts as running, and so as holding their slot in the queue.

After a power cut or a kill -9 nobody reports the end of a run; Dagster's own monitoring does not notice once the
process that started the run is gone too. Every run therefore holds a lock file of its own while it executes, which the
operating system releases however the process ends.

What belongs here: telling dead runs from living ones. What does not: the refresh's own lock (refresh_lock.py).
"""

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from filelock import FileLock, Timeout

from orchestration.settings import Settings

# A run counts as started some seconds before it reaches its lock, while its process loads; under load far longer.
GRACE_S = 60
# Runs started by `war-losses refresh` carry it; they take the refresh lock before Dagster counts them as started.
COMMAND_LINE_TAG = ("war_losses/started_by", "command line")
# Runs that were found dead carry it: whoever started them is gone as well and says nothing of them.
FOUND_DEAD_TAG = ("war_losses/ended_by", "stale_runs")
_IN_PROGRESS = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def run_lock(settings: Settings, run_id: str) -> FileLock:
    """The lock that a living run holds."""
    directory = settings.data_dir / ".run_locks"
    directory.mkdir(parents=True, exist_ok=True)
    return FileLock(directory / run_id, timeout=0)


def end_stale_runs(
    instance: dg.DagsterInstance, settings: Settings, *, holds_refresh_lock: bool = False, grace_s: float = GRACE_S
) -> list[str]:
    """Report runs without a living process as failed, so that they free their slot; returns their ids.

    Args:
        instance: the Dagster instance.
        settings: where the locks lie.
        holds_refresh_lock: the caller holds the refresh lock: no run of the command line can be alive beside it.
        grace_s: seconds since a run's last news during which it may still be on its way to its lock.
    """
    ended = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=_IN_PROGRESS)):
        run = record.dagster_run
        quiet_s = (datetime.now(UTC) - record.update_timestamp).total_seconds()
        surely_dead = holds_refresh_lock and COMMAND_LINE_TAG in run.tags.items()
        if (quiet_s < grace_s and not surely_dead) or _is_held(run_lock(settings, run.run_id)):
            continue
        instance.add_run_tags(run.run_id, dict([FOUND_DEAD_TAG]))
        instance.report_run_failed(
            run,
            "The process of this run ended without a word (killed, or a power cut). Nothing was published by it; "
            "the next refresh needs no clean-up.",
        )
        ended.append(run.run_id)
    _remove_free_locks(settings.data_dir / ".run_locks")
    return ended


def _is_held(lock: FileLock) -> bool:
    try:
        with lock:
            return False
    except Timeout:
        return True


def _remove_free_locks(directory: Path) -> None:
    """Lock files stay after their run; those nobody holds are removed."""
    for path in directory.glob("*"):
        lock = FileLock(path, timeout=0)
        if not _is_held(lock):
            path.unlink(missing_ok=True)
