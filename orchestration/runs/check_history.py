"""The history of the checks: what each was evaluated to, newest first, read from Dagster's event log.

What belongs here: the one reading of check evaluations, and a check's latest result in the words of a release. What
does not: what is done with it (defs/release.py, alerts, retention.py).
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import dagster as dg
from dagster._core.storage.asset_check_execution_record import (
    AssetCheckExecutionRecord,
    AssetCheckExecutionRecordStatus,
)

from orchestration.release.check_results import CheckResult

_EVALUATED = {AssetCheckExecutionRecordStatus.SUCCEEDED, AssetCheckExecutionRecordStatus.FAILED}
# Of a history that must be read on: a quarter's nights at once.
_PAGE = 100


def evaluations(instance: dg.DagsterInstance, key: dg.AssetCheckKey) -> Iterator[AssetCheckExecutionRecord]:
    """Evaluations of a check, newest first."""
    cursor, page = None, 1  # mostly the newest one tells
    while records := instance.event_log_storage.get_asset_check_execution_history(
        key, limit=page, cursor=cursor, status=_EVALUATED
    ):
        yield from records
        cursor, page = records[-1].id, _PAGE


def latest_evaluations(
    instance: dg.DagsterInstance, keys: Iterable[dg.AssetCheckKey]
) -> dict[dg.AssetCheckKey, AssetCheckExecutionRecord]:
    """The latest evaluation of each check; one that was never evaluated is left out."""
    asked = set(keys)
    # Dagster looks for assets and names apart: a check that moved from one asset to another is found at both.
    newest = instance.event_log_storage.get_latest_asset_check_execution_by_key(list(asked))
    # What is newest may be planned only, by a run that waits in the queue.
    evaluated = {
        key: record if record.status in _EVALUATED else next(evaluations(instance, key), None)
        for key, record in newest.items()
        if key in asked
    }
    return {key: record for key, record in evaluated.items() if record is not None}


def evaluation_of(record: AssetCheckExecutionRecord) -> dg.AssetCheckEvaluation:
    """What the check found.

    Args:
        record: an evaluation; not one that is only planned.
    """
    if record.event is None:
        raise ValueError(f"{record.key} was planned in run {record.run_id} and not evaluated")
    return record.event.get_dagster_event().asset_check_evaluation_data


def evaluated_at(record: AssetCheckExecutionRecord) -> datetime:
    """When the check was evaluated, with time zone.

    Args:
        record: an evaluation; not one that is only planned.
    """
    if record.event is None:
        raise ValueError(f"{record.key} was planned in run {record.run_id} and not evaluated")
    return datetime.fromtimestamp(record.event.timestamp, UTC)


def measured_in_words(evaluation: dg.AssetCheckEvaluation) -> str | None:
    """What was measured, None where the check did not say."""
    measured = evaluation.metadata.get("measured")
    return str(measured.value) if measured is not None and measured.value is not None else None


def latest_check_results(instance: dg.DagsterInstance, specs: Iterable[dg.AssetCheckSpec]) -> list[CheckResult]:
    """The latest evaluation of each check, in the words a reader of the release needs.

    Args:
        instance: the Dagster instance whose event log is read.
        specs: the checks to look up; one that was never evaluated is left out.
    """
    by_key = {spec.key: spec for spec in specs}
    results = []
    for key, record in latest_evaluations(instance, by_key).items():
        evaluation, spec = evaluation_of(record), by_key[key]
        results.append(
            CheckResult(
                asset=key.asset_key.to_user_string(),
                check_name=key.name,
                severity=_severity(spec, evaluation),
                passed=evaluation.passed,
                measured=measured_in_words(evaluation),
                threshold=str(threshold) if (threshold := spec.metadata.get("threshold")) else None,
                meaning=spec.description or "",
                checked_at=evaluated_at(record).replace(tzinfo=None),
            )
        )
    return results


def _severity(spec: dg.AssetCheckSpec, evaluation: dg.AssetCheckEvaluation) -> str:
    """Of a failure what the evaluation made of it, which may be less or more than declared; else as declared."""
    if not evaluation.passed:
        return "warn" if evaluation.severity == dg.AssetCheckSeverity.WARN else "error"
    return str(spec.metadata.get("severity") or ("error" if spec.blocking else "warn"))
