"""The sensor that deletes old runs once a day. A sensor, not a job: tidying up must not add runs of its own."""

from collections.abc import Sequence
from datetime import UTC, datetime

import dagster as dg

from orchestration.runs.retention import KEEP_DAYS, delete_old_runs

A_DAY_S = 24 * 60 * 60


def retention_sensor(check_specs: Sequence[dg.AssetCheckSpec]) -> dg.SensorDefinition:
    """The sensor.

    Args:
        check_specs: the checks whose latest evaluation is kept.
    """

    @dg.sensor(
        name="old_runs",
        minimum_interval_seconds=A_DAY_S,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"Deletes runs older than {KEEP_DAYS} days, with their events and logs, once a day.",
    )
    def old_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        deleted = delete_old_runs(context.instance, [spec.key for spec in check_specs], datetime.now(UTC))
        return dg.SkipReason(f"deleted {len(deleted)} runs" if deleted else "no run is old enough")

    return old_runs
