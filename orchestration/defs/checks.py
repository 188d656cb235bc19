"""Observation checks as asset checks.

What belongs here: turning a Check of sources.intake.table_checks into Dagster's. What does not: what is measured.
"""

from datetime import UTC, datetime

import dagster as dg
from dagster import AssetCheckExecutionContext

from orchestration.defs.ingest import observation_key
from orchestration.defs.resources import WarLosses
from orchestration.settings import SHIPPED_DIR
from orchestration.sources import SOURCES
from orchestration.sources.checks import Check, Measurement
from orchestration.sources.intake.table_checks import observation_checks


def _asset_check(check: Check) -> dg.AssetChecksDefinition:
    blocking = check.severity == "error"

    @dg.asset_check(
        asset=observation_key(check.table),
        additional_deps=[observation_key(table) for table in check.also_reads],
        name=check.name,
        description=check.meaning,
        # A wrong number must not be modelled, let alone published; a warning is for a person to look at.
        blocking=blocking,
        metadata={"severity": check.severity, "threshold": check.threshold},
        pool="refresh",
    )
    def run_check(context: AssetCheckExecutionContext, war_losses: WarLosses) -> dg.AssetCheckResult:
        from orchestration.sources.intake.shipped import read_row_counts

        outcome = check.measure(
            Measurement(
                observations_dir=war_losses.settings.observations_dir,
                shipped_rows=read_row_counts(SHIPPED_DIR),
                today=datetime.now(UTC).date(),
                pulled_on={
                    name: last.pulled_at.date() for name in SOURCES if (last := war_losses.archive.last_pull(name))
                },
            )
        )
        if not outcome.passed:
            context.log.warning(
                "%s: %s. %s (allowed: %s)", check.name, outcome.measured, check.meaning, check.threshold
            )
        return dg.AssetCheckResult(
            passed=outcome.passed,
            severity=dg.AssetCheckSeverity.ERROR if blocking or outcome.is_alarm else dg.AssetCheckSeverity.WARN,
            description=outcome.measured,
            metadata={"measured": outcome.measured, "threshold": check.threshold},
        )

    return run_check


observation_asset_checks = [_asset_check(check) for check in observation_checks()]
