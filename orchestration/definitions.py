"""Everything the Dagster UI shows."""

import dagster as dg

from orchestration import performance
from orchestration.dbt.manifest import read_manifest
from orchestration.defs import automation, checks, inbox, ingest, messages, release, resources, retention, warehouse
from orchestration.settings import load_settings

_manifest = read_manifest(load_settings())
_figures = [*ingest.raw_assets, *ingest.observation_assets, warehouse.warehouse_assets(_manifest)]
_checks = [*checks.observation_asset_checks]
check_specs = [spec for definition in (*_figures, *_checks) for spec in definition.check_specs]

defs = dg.Definitions(
    assets=[*ingest.upstream_specs, *_figures, release.release_assets(_manifest, check_specs)],
    asset_checks=_checks,
    jobs=[automation.rebuild, automation.nightly_refresh],
    schedules=[automation.nightly_schedule],
    sensors=[
        inbox.inbox_sensor,
        automation.stale_runs,
        *messages.messages_sensors(check_specs),
        retention.retention_sensor(check_specs),
    ],
    resources={"war_losses": resources.WarLosses(), "dbt": resources.dbt_resource()},
    # The steps are short and write one DuckDB file: a process a step would cost more than the work.
    executor=dg.in_process_executor,
)

# The definitions live as long as the process that loads them.
performance.keep_what_is_loaded()
