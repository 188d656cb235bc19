"""Jobs and the schedule."""

import dagster as dg

# Upstream's own daily copies are made in the morning and evening of Kyiv; by this hour (UTC) both are there.
NIGHTLY_CRON = "30 3 * * *"

# A full pull takes minutes; a run beyond this hangs, and must not hold the slot of the next night.
MAX_RUNTIME_S = 2 * 60 * 60

_tags = {"dagster/max_runtime": str(MAX_RUNTIME_S)}

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
