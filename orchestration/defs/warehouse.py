"""The dbt project as assets: seeds, staging, intermediate, marts; every dbt test is an asset check.

What belongs here: running dbt once and saying who owns what. What does not: SQL (dbt_project).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

from orchestration.dbt_failures import dbt_failures
from orchestration.defs.ingest import OWNERS
from orchestration.defs.resources import WarLosses


class Translator(DagsterDbtTranslator):
    """Groups by layer and project owners; keys stay dbt's own, so that sources join the observation assets."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Layer of the warehouse: seeds, staging, intermediate or marts."""
        return dbt_resource_props["schema"]

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """The same team owns all layers."""
        return OWNERS


def warehouse_assets(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """All dbt seeds and models as one step: dbt orders and threads them itself.

    Args:
        manifest: dbt's manifest, parsed.
    """

    @dbt_assets(manifest=manifest, dagster_dbt_translator=Translator(), name="warehouse", pool="refresh")
    def warehouse(context: dg.AssetExecutionContext, dbt: DbtCliResource, war_losses: WarLosses) -> Iterator:
        settings = war_losses.settings
        settings.warehouse_path.parent.mkdir(parents=True, exist_ok=True)
        # Unit tests of models judge the SQL, not tonight's data: they run in the test suite.
        arguments = ["build", "--exclude-resource-type", "unit_test"]
        # What an earlier run found must not be taken for what this one did, should dbt be killed.
        (settings.dbt_target_dir / "run_results.json").unlink(missing_ok=True)
        # One target folder for all runs keeps dbt's parsing cache warm and leaves nothing to clean up.
        invocation = dbt.cli(arguments, context=context, target_path=settings.dbt_target_dir, raise_on_error=False)
        events = list(invocation.stream())
        row_counts = _row_counts(settings.warehouse_path) if settings.warehouse_path.exists() else {}
        for event in events:
            yield _with_row_count(event, row_counts) if isinstance(event, dg.Output) else event
        if not invocation.is_successful():
            failures = dbt_failures(settings)
            for failure in failures:
                context.log.error(str(failure))
            raise dg.Failure(
                "\n".join(map(str, failures)) or f"dbt failed: {invocation.get_error()}",
                allow_retries=False,  # the same data fails again
            )

    return warehouse


def _row_counts(warehouse_path: Path) -> dict[str, int]:
    """Rows by output name of every table and view, in one query: asking per model would wait for dbt's writer."""
    with duckdb.connect(str(warehouse_path), read_only=True) as connection:
        relations = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_schema <> 'main'"
        ).fetchall()
        counts = " union all ".join(
            f"select '{schema}__{name}', count(*) from {schema}.{name}" for schema, name in relations
        )
        return dict(connection.execute(counts).fetchall()) if counts else {}


def _with_row_count(output: dg.Output, row_counts: Mapping[str, int]) -> dg.Output:
    rows = row_counts.get(output.output_name)
    if rows is None:
        return output
    return dg.Output(output.value, output.output_name, metadata={**output.metadata, "dagster/row_count": rows})
