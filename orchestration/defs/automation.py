"""Jobs and the schedule."""

import dagster as dg

from orchestration.runs.stale_runs import end_stale_runs
from orchestration.settings import load_settings

# Upstream's own daily copies are made in the morning and evening of Kyiv; by this hour (UTC) both are there.
NIGHTLY_CRON = "30 3 * * *"

# A full pull takes minutes; a run beyond this hangs, and must not hold the slot of the next night.
MAX_RUNTIME_S = 2 * 60 * 60

# A retry runs everything again: what was rebuilt by a run that died is rebuilt, not trusted.
_tags = {"dagster/max_runtime": str(MAX_RUNTIME_S), "dagster/retry_strategy": "ALL_STEPS"}

rebuild = dg.define_asset_job(
    "rebuild",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("raw", "upstream"),
    description="Build and publish from the shipped figures and whatever was pulled before. No network.",
    tags=_tags,
)

nightly_refresh = dg.define_asset_job(
    "nightly_refresh",
    selection=dg.AssetSelection.all(),
    description="Pull upstream, then build and publish.",
    tags=_tags,
)

nightly_schedule = dg.ScheduleDefinition(
    name="nightly",
    job=nightly_refresh,
    cron_schedule=NIGHTLY_CRON,
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night, UTC.",
)


# A dead run holds its slot until somebody looks: soon enough for the next in the queue, seldom enough to cost nothing.
STALE_RUNS_INTERVAL_S = 30


@dg.sensor(
    name="stale_runs",
    minimum_interval_seconds=STALE_RUNS_INTERVAL_S,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Frees the slot of runs whose process was killed.",
)
def stale_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """End runs that nobody executes any more."""
    ended = end_stale_runs(context.instance, load_settings())
    return dg.SkipReason(f"ended {', '.join(ended)}" if ended else "no stale runs")
