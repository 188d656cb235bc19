"""The sensor that watches the inbox.

Dagster's own means do not serve: it has no sensor for files, and its launchpad takes text only.

What belongs here: asking for a run when a file was taken in. What does not: taking it in (sources.intake.inbox).
"""

import dagster as dg

from orchestration.defs.automation import rebuild
from orchestration.settings import SHIPPED_DIR, load_settings


@dg.sensor(
    name="inbox",
    job=rebuild,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Takes in files that people put into inbox/<source>/ and rebuilds with them.",
)
def inbox_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Take in what lies ready; one rebuild for all of it."""
    # These load pandas and GEOS: only where a daemon uses them.
    from orchestration.sources.intake import inbox
    from orchestration.sources.intake.archive import Archive
    from orchestration.sources.intake.shipped import read_shipped

    settings = load_settings()
    if not inbox.waiting(settings.inbox_dir):
        return dg.SkipReason(f"Nothing lies in {settings.inbox_dir}.")
    handled = inbox.take_in(settings.inbox_dir, Archive(settings.raw_dir), read_shipped(SHIPPED_DIR))
    refused = [file.refused_because for file in handled if file.refused_because]
    for reason in refused:
        context.log.warning(reason)
    taken = [file for file in handled if not file.refused_because]
    if not taken:
        return dg.SkipReason(
            "\n".join(refused) or "What lies in the inbox was refused before or is still being copied."
        )
    # The same content asks for one run only, however often it is put there.
    return dg.RunRequest(
        run_key="+".join(sorted(file.blob_sha for file in taken)),
        tags={"war_losses/inbox": ", ".join(f"{file.source}/{file.name}" for file in taken)[:250]},
    )
