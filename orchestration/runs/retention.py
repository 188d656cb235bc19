"""Old runs go: Dagster keeps every run and its events for ever, some megabytes a night.

Its own retention (in dagster.yaml) does not serve: it purges the ticks of schedules and sensors, no runs.

What belongs here: which runs may go, and deleting them with all they left. What does not: when that happens
(defs/retention.py, refresh.py).
"""

from collections.abc import Iterable, Set
from datetime import datetime, timedelta

import dagster as dg
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage

from orchestration.runs.check_history import latest_evaluations

# A quarter's nights: enough to see when a check began to fail and how a source behaves over a season.
KEEP_DAYS = 90
# An installation that is rarely refreshed keeps its history however old it is.
KEEP_NEWEST = 30
# Deleting one takes a tenth of a second or so; a sensor may take a minute. The rest goes the next day.
MOST_AT_ONCE = 200

_FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


def delete_old_runs(instance: dg.DagsterInstance, check_keys: Iterable[dg.AssetCheckKey], now: datetime) -> list[str]:
    """Delete finished runs that are older than KEEP_DAYS, with their events and logs; returns their ids.

    Kept however old: the newest KEEP_NEWEST runs, and every run that holds the latest materialization of an asset or
    the latest evaluation of a check, because the UI and the release read those.

    Args:
        instance: the Dagster instance.
        check_keys: the checks whose latest evaluation is kept.
        now: the present, with time zone.
    """
    old = instance.get_run_ids(dg.RunsFilter(statuses=_FINISHED, created_before=now - timedelta(days=KEEP_DAYS)))
    if not old:
        return []
    kept = {*instance.get_run_ids(limit=KEEP_NEWEST), *_runs_with_latest(instance, check_keys)}
    deleted = [run_id for run_id in reversed(old) if run_id not in kept][:MOST_AT_ONCE]
    for run_id in deleted:
        instance.delete_run(run_id)
        instance.compute_log_manager.delete_logs(prefix=[run_id])
    _delete_check_evaluations(instance, deleted)
    return deleted


def _runs_with_latest(instance: dg.DagsterInstance, check_keys: Iterable[dg.AssetCheckKey]) -> Set[str]:
    materializations = instance.get_latest_materialization_events(instance.get_asset_keys()).values()
    evaluations = latest_evaluations(instance, check_keys).values()
    return {event.run_id for event in materializations if event} | {record.run_id for record in evaluations}


def _delete_check_evaluations(instance: dg.DagsterInstance, run_ids: list[str]) -> None:
    """Dagster leaves the evaluations of a deleted run in their table, a hundred and more a night."""
    storage = instance.event_log_storage
    if run_ids and isinstance(storage, SqlEventLogStorage):
        with storage.index_connection() as connection:
            connection.execute(
                AssetCheckExecutionsTable.delete().where(AssetCheckExecutionsTable.c.run_id.in_(run_ids))
            )
