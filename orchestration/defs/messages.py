"""Telling somebody that a run was red, once a run, whoever started it.

A run of the command line speaks for itself as it ends; Dagster's run status sensors bring the others, and those that
were killed. Dagster's own e-mail of failed runs (make_email_on_run_failure_sensor) does not serve: it knows no red
checks and says the same every night. What was said is kept with the run, as tags that the UI shows.

What belongs here: reading what is red from the instance, and who speaks when. What does not: the words and the sending
(orchestration.alerts.message).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import takewhile

import dagster as dg
from dagster._core.storage.tags import WILL_RETRY_TAG

from orchestration.alerts.message import RedCheck, RunReport, Told, is_news, message, send
from orchestration.defs.release import RELEASE_KEY
from orchestration.runs.check_history import evaluated_at, evaluation_of, evaluations, measured_in_words
from orchestration.runs.failures import run_failure_reason
from orchestration.runs.stale_runs import COMMAND_LINE_TAG, FOUND_DEAD_TAG
from orchestration.settings import Settings, load_settings

# What became of the message about a run: sending, sent, not sent, nothing new.
TOLD_TAG = "war_losses/told"
TOLD_AT_TAG = "war_losses/told_at"
TOLD_RED_TAG = "war_losses/told_red"

SENSOR_INTERVAL_S = 60


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

    Raises:
        LookupError: the instance has no such run.
    """
    record = instance.get_run_record_by_id(run_id)
    if record is None:
        raise LookupError(f"there is no run {run_id}")
    run = record.dagster_run
    materialized = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    failed = run.status == dg.DagsterRunStatus.FAILURE
    return RunReport(
        run_id=run_id,
        job_name="Materialize" if run.job_name.startswith("__") else run.job_name,
        ended_at=datetime.fromtimestamp(record.end_time, UTC) if record.end_time else datetime.now(UTC),
        failure=run_failure_reason(instance, run_id) if failed else None,
        published=not failed and any(entry.get_dagster_event().asset_key == RELEASE_KEY for entry in materialized),
        red_checks=tuple(red for spec in check_specs if (red := _red_check(instance, spec)) is not None),
    )


def _red_check(instance: dg.DagsterInstance, spec: dg.AssetCheckSpec) -> RedCheck | None:
    """The check as red since the first failing evaluation in a row, if its latest evaluation is red."""
    failing = list(takewhile(lambda record: _is_red(spec, evaluation_of(record)), evaluations(instance, spec.key)))
    if not failing:
        return None
    latest = evaluation_of(failing[0])
    return RedCheck(
        asset=spec.asset_key.to_user_string(),
        check_name=spec.name,
        since=evaluated_at(failing[-1]),
        measured=measured_in_words(latest) or latest.description,
        run_id=failing[0].run_id,
        meaning=spec.description or "",
    )


def _is_red(spec: dg.AssetCheckSpec, evaluation: dg.AssetCheckEvaluation) -> bool:
    """A failed error is red, and so is a source that could not be had or read: the rest says "look"."""
    if evaluation.passed:
        return False
    return evaluation.severity == dg.AssetCheckSeverity.ERROR or spec.name in {"pulled", "parsed"}


def _last_told(instance: dg.DagsterInstance) -> Told | None:
    runs = instance.get_runs(dg.RunsFilter(tags={TOLD_TAG: "sent"}), limit=1)
    return Told(runs[0].tags[TOLD_RED_TAG], datetime.fromisoformat(runs[0].tags[TOLD_AT_TAG])) if runs else None


def _left_to(run: dg.DagsterRun) -> str | None:
    """Who else speaks for a run that ended; None if nobody does."""
    # Dagster marks every run it would retry; it retries those only that it launched itself.
    if run.tags.get(WILL_RETRY_TAG) == "true" and run.remote_job_origin is not None:
        return "its retry"
    if COMMAND_LINE_TAG in run.tags.items() and FOUND_DEAD_TAG not in run.tags.items():
        return "the command that started it"
    return None


def messages_sensors(check_specs: Sequence[dg.AssetCheckSpec]) -> list[dg.RunStatusSensorDefinition]:
    """The sensors that tell about runs of the daemon and of the UI: one of failed runs, one of the others.

    Args:
        check_specs: the checks that can be red.
    """

    def tell(context: dg.RunStatusSensorContext) -> dg.SkipReason:
        settings, run = load_settings(), context.dagster_run
        if not settings.notify_urls:
            return dg.SkipReason("no addresses in WAR_LOSSES_NOTIFY_URLS")
        if others := _left_to(run):
            return dg.SkipReason(f"{run.run_id} is left to {others}")
        problems = tell_about_run(context.instance, run.run_id, settings, check_specs)
        for problem in problems:
            context.log.warning("A message was not sent: %s", problem)
        # With a reason the tick ends: it may take a minute, a message fifteen seconds. The next tick goes on from here.
        return dg.SkipReason("; ".join(problems) or f"looked at {run.run_id}")

    return [
        dg.run_status_sensor(
            run_status=status,
            name=name,
            minimum_interval_seconds=SENSOR_INTERVAL_S,
            # A run of the command line belongs to no code location; if it was killed, it is told about as any other.
            monitor_all_code_locations=True,
            default_status=dg.DefaultSensorStatus.RUNNING,
            description=f"Sends a message about {what} to WAR_LOSSES_NOTIFY_URLS.",
        )(tell)
        for name, status, what in (
            ("messages_of_failed_runs", dg.DagsterRunStatus.FAILURE, "failed runs"),
            ("messages_of_red_checks", dg.DagsterRunStatus.SUCCESS, "red checks of runs that did not fail"),
        )
    ]
