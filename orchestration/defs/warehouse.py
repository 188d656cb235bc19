"""The dbt project as assets: seeds, staging, intermediate, marts, report; every dbt test is an asset check.

What belongs here: running dbt once and saying who owns what. What does not: SQL (dbt_project).
"""

from collections.abc import Iterator, Mapping
from textwrap import shorten
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, DbtProject, dbt_assets

from orchestration.dbt import thresholds
from orchestration.dbt.failures import dbt_failures, first_failing_rows
from orchestration.dbt.lineage import Lineage
from orchestration.dbt.table_statistics import TableFacts, table_facts
from orchestration.defs.ingest import OWNERS
from orchestration.defs.resources import WarLosses

NO_FAILING_ROWS = "no failing rows"
# Characters of a failing row that are shown: those of a series fit, of a curated row its beginning tells which it is.
_LONGEST_ROW = 200


class Translator(DagsterDbtTranslator):
    """Groups by layer and project owners; keys stay dbt's own, so that sources join the observation assets."""

    def __init__(self, lineage: Lineage):
        super().__init__(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))
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

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        """With severity and threshold in words, as all other checks have them.

        A test of a source blocks nothing in Dagster, where it would stand before the tables that dbt waits for, a
        circle. dbt itself builds nothing on a source whose test fails, and the step fails with it.
        """
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None:
            return None
        test = manifest["nodes"][unique_id]
        words = {
            "severity": test["config"]["severity"].lower(),
            "threshold": thresholds.in_words(test["config"]["meta"].get("threshold", NO_FAILING_ROWS)),
        }
        is_of_source = (test.get("attached_node") or "").startswith("source.")
        return spec._replace(metadata={**spec.metadata, **words}, blocking=spec.blocking and not is_of_source)


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
        failing_rows = first_failing_rows(settings)
        allowed = {(spec.asset_key, spec.name): spec.metadata["threshold"] for spec in context.assets_def.check_specs}
        for event in events:
            if isinstance(event, dg.Output):
                yield _with_facts(event, facts)
            else:
                yield _with_measure(event, failing_rows, allowed) if isinstance(event, dg.AssetCheckResult) else event
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
    metadata: dict[str, dg.MetadataValue | int | str] = {
        "dagster/row_count": of_table.rows,
        **({"as_of": of_table.as_of.isoformat()} if of_table.as_of else {}),
        "preview": dg.MetadataValue.md(of_table.preview),
    }
    return dg.Output(output.value, output.output_name, metadata={**output.metadata, **metadata})


def _with_measure(
    result: dg.AssetCheckResult,
    first_rows: Mapping[str, str],
    allowed: Mapping[tuple[dg.AssetKey | None, str | None], str],
) -> dg.AssetCheckResult:
    """A test's result in the words of all other checks: how many rows fail, and what was measured in the first."""
    counted = result.metadata.get("dagster_dbt/failed_row_count")
    if counted is None:
        return result
    failing = int(str(counted.value))
    rows = "row" if failing == 1 else "rows"
    first = first_rows.get(str(result.metadata["unique_id"].value), "")
    which = f"{', the first' if failing > 1 else ''}: {shorten(first, _LONGEST_ROW, placeholder=' …')}"
    words = {
        "measured": dg.MetadataValue.text(f"{failing:,} failing {rows}{which if first else ''}"),
        "threshold": dg.MetadataValue.text(allowed[result.asset_key, result.check_name]),
    }
    return result._replace(metadata={**words, **result.metadata})
