"""The dbt project as assets: seeds, staging, intermediate, marts, report; every dbt test is an asset check.

What belongs here: running dbt once and saying who owns what. What does not: SQL (dbt_project).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

from orchestration.dbt.failures import dbt_failures
from orchestration.dbt.lineage import Lineage
from orchestration.dbt.table_statistics import TableFacts, table_facts
from orchestration.defs.ingest import OWNERS
from orchestration.defs.resources import WarLosses

NO_FAILING_ROWS = "no failing rows"


class Translator(DagsterDbtTranslator):
    """Groups by layer and project owners; keys stay dbt's own, so that sources join the observation assets."""

    def __init__(self, lineage: Lineage):
        super().__init__()
        self._lineage = lineage

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Layer of the warehouse: seeds, staging, intermediate, marts or report."""
        return dbt_resource_props["schema"]

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """The same team owns all layers."""
        return OWNERS

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """What the table holds. Dagster would add its SQL, and an operator would have to scroll past it."""
        return dbt_resource_props["description"]

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """Whose figures these are, under which terms, besides what Dagster takes from dbt."""
        metadata = super().get_metadata(dbt_resource_props)
        if dbt_resource_props["resource_type"] == "source":  # shown at the observation asset of this key
            return metadata
        return {
            **metadata,
            "figures_from": dg.MetadataValue.md(self._lineage.in_words(dbt_resource_props["unique_id"])),
        }

    def get_asset_check_spec(self, *arguments: Any, **keywords: Any) -> dg.AssetCheckSpec | None:
        """With the threshold in words, as all other checks have it."""
        spec = super().get_asset_check_spec(*arguments, **keywords)
        return spec and spec.with_metadata({**spec.metadata, "threshold": NO_FAILING_ROWS})


def warehouse_assets(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """All dbt seeds and models as one step: dbt orders and threads them itself.

    Args:
        manifest: dbt's manifest, parsed.
    """

    @dbt_assets(
        manifest=manifest, dagster_dbt_translator=Translator(Lineage(manifest)), name="warehouse", pool="refresh"
    )
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
        # Asked for once, after dbt: asking model by model would wait for its writer.
        facts = table_facts(settings.warehouse_path)
        for event in events:
            if isinstance(event, dg.Output):
                yield _with_facts(event, facts)
            else:
                yield _with_measure(event) if isinstance(event, dg.AssetCheckResult) else event
        if not invocation.is_successful():
            failures = dbt_failures(settings)
            for failure in failures:
                context.log.error(str(failure))
            raise dg.Failure(
                "\n".join(map(str, failures)) or f"dbt failed: {invocation.get_error()}",
                allow_retries=False,  # the same data fails again
            )

    return warehouse


def _with_facts(output: dg.Output, facts: Mapping[tuple[str, str], TableFacts]) -> dg.Output:
    """A materialization with what is in the table now; dbt's outputs are named SCHEMA__TABLE."""
    schema, _, table = output.output_name.partition("__")
    of_table = facts.get((schema, table))
    if of_table is None:
        return output
    metadata = {
        "dagster/row_count": of_table.rows,
        **({"as_of": of_table.as_of.isoformat()} if of_table.as_of else {}),
        "preview": dg.MetadataValue.md(of_table.preview),
    }
    return dg.Output(output.value, output.output_name, metadata={**output.metadata, **metadata})


def _with_measure(result: dg.AssetCheckResult) -> dg.AssetCheckResult:
    """A test's result in the words of all other checks: what was measured, what is allowed."""
    failing = result.metadata.get("dagster_dbt/failed_row_count")
    if failing is None:
        return result
    rows = "row" if failing.value == 1 else "rows"
    words = {"measured": f"{failing.value:,} failing {rows}", "threshold": NO_FAILING_ROWS}
    return result._replace(metadata={**words, **result.metadata})
