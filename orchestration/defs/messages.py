"""Telling somebody that a run was red, once a run, whoever started it.

A run of the command line speaks for itself as it ends; the sensor speaks for all others, and for those that were
killed. What was said is kept with the run, as tags that the UI shows.

What belongs here: reading what is red from the instance, and who speaks when. What does not: the words and the sending
(orchestration.alerts.message).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster._core.storage.asset_check_execution_record import (
    AssetCheckExecutionRecord,
    AssetCheckExecutionRecordStatus,
)
from dagster._core.storage.tags import AUTO_RETRY_RUN_ID_TAG, WILL_RETRY_TAG

from orchestration.alerts.message import RedCheck, RunReport, Told, is_news, message, send
from orchestration.defs.release import RELEASE_KEY
from orchestration.runs.failures import run_failure_reason
from orchestration.runs.stale_runs import COMMAND_LINE_TAG
from orchestration.settings import Settings, load_settings

# What became of the message about a run: sending, sent, not sent, nothing new, retried.
TOLD_TAG = "war_losses/told"
TOLD_AT_TAG = "war_losses/told_at"
TOLD_RED_TAG = "war_losses/told_red"

SENSOR_INTERVAL_S = 60
# A sensor may take a minute, a message fifteen seconds.
MOST_AT_ONCE = 3
# News of a run that ended longer ago is none: what is red still, the next run says.
LOOK_BACK = timedelta(days=1)
# By then a command that lives has spoken for its run, and the daemon has begun the retry it announced.
GIVE_WAY = timedelta(minutes=3)

_EVALUATED = {AssetCheckExecutionRecordStatus.SUCCEEDED, AssetCheckExecutionRecordStatus.FAILED}
_HISTORY_PAGE = 100


def tell_about_run(
    instance: dg.DagsterInstance, run_id: str, settings: Settings, check_specs: Iterable[dg.AssetCheckSpec]
) -> list[str]:
    """Send a message about a finished run if there is something new to say, once.

    Args:
        instance: the instance the run is in.
        run_id: the run.
        settings: where messages go; without addresses nothing happens.
        check_specs: the checks that can be red.

    Returns:
        What went wrong in sending, which is also in the run's log. Nothing of it is raised.
    """
    run = instance.get_run_by_id(run_id)
    if not settings.notify_urls or run is None or TOLD_TAG in run.tags:
        return []
    # Said before it is done: a process that dies while sending must not leave the run to be told about twice.
    instance.add_run_tags(run_id, {TOLD_TAG: "sending"})
    try:
        problems = _tell(instance, run_id, settings, check_specs)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not fail a refresh or stop the sensor
        instance.add_run_tags(run_id, {TOLD_TAG: "not sent"})
        problems = [f"the message could not be made ({type(error).__name__}: {error})"]
    for problem in problems:
        instance.report_engine_event(f"A message was not sent: {problem}", run)
    return problems


def _tell(
    instance: dg.DagsterInstance, run_id: str, settings: Settings, check_specs: Iterable[dg.AssetCheckSpec]
) -> list[str]:
    now = datetime.now(UTC)
    report = report_on_run(instance, run_id, check_specs)
    # A part of the pipeline that ran well says nothing of the whole.
    speaks = report.failure is not None or report.published or any(red.run_id == run_id for red in report.red_checks)
    if not speaks or not is_news(report, _last_told(instance), now):
        instance.add_run_tags(run_id, {TOLD_TAG: "nothing new"})
        return []
    problems = send(settings.notify_urls, message(report, settings.ui_url))
    reached_somebody = len(problems) < len(settings.notify_urls)
    instance.add_run_tags(
        run_id,
        {TOLD_TAG: "sent", TOLD_AT_TAG: now.isoformat(), TOLD_RED_TAG: report.fingerprint}
        if reached_somebody
        else {TOLD_TAG: "not sent"},
    )
    return problems


def report_on_run(instance: dg.DagsterInstance, run_id: str, check_specs: Iterable[dg.AssetCheckSpec]) -> RunReport:
    """What a finished run came to, and what is red after it.

    Args:
        instance: the instance the run is in.
        run_id: a finished run.
        check_specs: the checks that can be red.
    """
    record = instance.get_run_record_by_id(run_id)
    run = record.dagster_run
    materialized = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    failed = run.status == dg.DagsterRunStatus.FAILURE
    return RunReport(
        run_id=run_id,
        job_name="Materialize" if run.job_name.startswith("__") else run.job_name,
        ended_at=datetime.fromtimestamp(record.end_time, UTC) if record.end_time else datetime.now(UTC),
        failure=run_failure_reason(instance, run_id) if failed else None,
        published=not failed and any(entry.dagster_event.asset_key == RELEASE_KEY for entry in materialized),
        red_checks=tuple(red for spec in check_specs if (red := _red_check(instance, spec)) is not None),
    )


def _red_check(instance: dg.DagsterInstance, spec: dg.AssetCheckSpec) -> RedCheck | None:
    """The check as red since the first failing evaluation in a row, if its latest evaluation is red."""
    failing: list[AssetCheckExecutionRecord] = []
    for record in _evaluations(instance, spec.key):
        if record.status == AssetCheckExecutionRecordStatus.SUCCEEDED or not _is_red(spec, record):
            break
        failing.append(record)
    if not failing:
        return None
    evaluation = failing[0].event.dagster_event.asset_check_evaluation_data
    measured = evaluation.metadata.get("measured")
    return RedCheck(
        asset=spec.asset_key.to_user_string(),
        check_name=spec.name,
        since=datetime.fromtimestamp(failing[-1].event.timestamp, UTC),
        measured=str(measured.value) if measured else evaluation.description,
        run_id=failing[0].run_id,
        meaning=spec.description or "",
    )


def _is_red(spec: dg.AssetCheckSpec, record: AssetCheckExecutionRecord) -> bool:
    """An error is red, and so is a source that could not be had or read: the rest says "look"."""
    evaluation = record.event.dagster_event.asset_check_evaluation_data
    return evaluation.severity == dg.AssetCheckSeverity.ERROR or spec.name in {"pulled", "parsed"}


def _evaluations(instance: dg.DagsterInstance, key: dg.AssetCheckKey) -> Iterator[AssetCheckExecutionRecord]:
    """Evaluations of a check, newest first."""
    cursor, page = None, 1  # mostly the newest one tells
    while records := instance.event_log_storage.get_asset_check_execution_history(
        key, limit=page, cursor=cursor, status=_EVALUATED
    ):
        yield from records
        cursor, page = records[-1].id, _HISTORY_PAGE


def _last_told(instance: dg.DagsterInstance) -> Told | None:
    runs = instance.get_runs(dg.RunsFilter(tags={TOLD_TAG: "sent"}), limit=1)
    return Told(runs[0].tags[TOLD_RED_TAG], datetime.fromisoformat(runs[0].tags[TOLD_AT_TAG])) if runs else None


def untold_runs(instance: dg.DagsterInstance, now: datetime) -> list[str]:
    """Finished runs nobody has spoken for, oldest first; those that somebody else is about to speak for are left out.

    Args:
        instance: the Dagster instance.
        now: the present, with time zone.
    """
    untold = []
    for record in instance.get_run_records(
        dg.RunsFilter(
            statuses=[dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE], updated_after=now - LOOK_BACK
        )
    ):
        run = record.dagster_run
        ended_ago = now - datetime.fromtimestamp(record.end_time or now.timestamp(), UTC)
        if TOLD_TAG in run.tags or ended_ago > LOOK_BACK:
            continue
        if AUTO_RETRY_RUN_ID_TAG in run.tags:  # the retry speaks
            instance.add_run_tags(run.run_id, {TOLD_TAG: "retried"})
            continue
        of_a_command = COMMAND_LINE_TAG in run.tags.items()
        to_be_retried = run.tags.get(WILL_RETRY_TAG) == "true" and run.remote_job_origin is not None
        if (of_a_command or to_be_retried) and ended_ago < GIVE_WAY:
            continue
        untold.append(run.run_id)
    return untold[::-1]


def messages_sensor(check_specs: Sequence[dg.AssetCheckSpec]) -> dg.SensorDefinition:
    """The sensor that tells about runs of the daemon and of the UI.

    Args:
        check_specs: the checks that can be red.
    """

    @dg.sensor(
        name="messages",
        minimum_interval_seconds=SENSOR_INTERVAL_S,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Sends a message about failed runs and red checks to WAR_LOSSES_NOTIFY_URLS.",
    )
    def messages(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        settings = load_settings()
        if not settings.notify_urls:
            return dg.SkipReason("no addresses in WAR_LOSSES_NOTIFY_URLS")
        runs = untold_runs(context.instance, datetime.now(UTC))[:MOST_AT_ONCE]
        problems = [
            problem for run_id in runs for problem in tell_about_run(context.instance, run_id, settings, check_specs)
        ]
        for problem in problems:
            context.log.warning("A message was not sent: %s", problem)
        return dg.SkipReason(f"looked at {len(runs)} runs" + (f"; {'; '.join(problems)}" if problems else ""))

    return messages
