"""The last step: publish the marts with the results of every check.

What belongs here: gathering what Dagster knows. What does not: how the file is built (orchestration.release).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from dagster._core.storage.asset_check_execution_record import (
    AssetCheckExecutionRecord,
    AssetCheckExecutionRecordStatus,
)

from orchestration.defs.ingest import OWNERS
from orchestration.defs.resources import WarLosses
from orchestration.release.database import CheckResult, build_release, published_tables

RELEASE_KEY = dg.AssetKey(["release", "war_losses"])
_EVALUATED = {AssetCheckExecutionRecordStatus.SUCCEEDED, AssetCheckExecutionRecordStatus.FAILED}


def latest_check_results(instance: dg.DagsterInstance, specs: Iterable[dg.AssetCheckSpec]) -> list[CheckResult]:
    """The latest evaluation of each check, in the words a reader of the release needs.

    Args:
        instance: the Dagster instance whose event log is read.
        specs: the checks to look up; one that was never evaluated is left out.
    """
    by_key = {spec.key: spec for spec in specs}
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(list(by_key))
    results = []
    for key, newest in latest.items():
        record = newest if newest.status in _EVALUATED else _last_evaluation(instance, key)
        if record is None:
            continue
        evaluation = record.event.dagster_event.asset_check_evaluation_data
        spec = by_key[key]
        metadata = {name: value.value for name, value in evaluation.metadata.items()}
        failing_rows = metadata.get("dagster_dbt/failed_row_count")
        measured = metadata.get("measured") or (f"{failing_rows} failing rows" if failing_rows is not None else None)
        results.append(
            CheckResult(
                asset=key.asset_key.to_user_string(),
                check_name=key.name,
                severity=_severity(spec, evaluation),
                passed=evaluation.passed,
                measured=str(measured) if measured is not None else None,
                threshold=str(spec.metadata.get("threshold") or "no failing rows"),
                meaning=spec.description or "",
                checked_at=datetime.fromtimestamp(record.event.timestamp, UTC).replace(tzinfo=None),
            )
        )
    return results


def _severity(spec: dg.AssetCheckSpec, evaluation: dg.AssetCheckEvaluation) -> str:
    """Of a failure what the evaluation made of it, which may be less or more than declared; else as declared."""
    if not evaluation.passed:
        return "warn" if evaluation.severity == dg.AssetCheckSeverity.WARN else "error"
    return str(spec.metadata.get("severity") or ("error" if spec.blocking else "warn"))


def _last_evaluation(instance: dg.DagsterInstance, key: dg.AssetCheckKey) -> AssetCheckExecutionRecord | None:
    """The last time the check was evaluated: what is newer may be planned by a run that waits in the queue."""
    evaluated = instance.event_log_storage.get_asset_check_execution_history(key, limit=1, status=_EVALUATED)
    return evaluated[0] if evaluated else None


def release_asset(manifest: Mapping[str, Any], check_specs: Sequence[dg.AssetCheckSpec]) -> dg.AssetsDefinition:
    """The published file, downstream of every mart.

    Args:
        manifest: dbt's manifest, parsed.
        check_specs: all checks of the assets before it, whose results are published.
    """
    tables = published_tables(manifest)

    @dg.asset(
        key=RELEASE_KEY,
        deps=[dg.AssetKey(["marts", table.name]) for table in tables],
        group_name="release",
        kinds={"duckdb"},
        owners=OWNERS,
        description=(
            "What analysts open: one DuckDB file with every mart, the results of all checks and a data dictionary. "
            "Built beside the current one, verified, and swapped in whole."
        ),
        pool="refresh",
    )
    def war_losses_release(context: dg.AssetExecutionContext, war_losses: WarLosses) -> dg.MaterializeResult:
        settings = war_losses.settings
        checks = latest_check_results(context.instance, check_specs)
        rows = build_release(settings.warehouse_path, tables, checks, settings.published_dir, settings.releases_dir)
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(str(settings.published_path)),
                "dagster/row_count": sum(rows.values()),
                "tables": dg.MetadataValue.md(
                    "\n".join(["| table | rows |", "| --- | ---: |", *(f"| {t} | {n:,} |" for t, n in rows.items())])
                ),
                "checks_passed": sum(check.passed for check in checks),
                "checks_failed": sum(not check.passed for check in checks),
                "size_bytes": settings.published_path.stat().st_size,
            }
        )

    return war_losses_release
