"""The last step: publish the marts with the results of every check.

What belongs here: gathering what Dagster knows. What does not: how a release is built (orchestration.release).
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from dagster._core.storage.asset_check_execution_record import (
    AssetCheckExecutionRecord,
    AssetCheckExecutionRecordStatus,
)

from orchestration.defs.ingest import OWNERS
from orchestration.defs.resources import WarLosses
from orchestration.release.build import Ingredients, build_release
from orchestration.release.change_notes import summary
from orchestration.release.database import DATABASE_NAME, CheckResult
from orchestration.release.history import Releases
from orchestration.release.record import read_record
from orchestration.release.tables import REPORT_SCHEMA, published_tables, report_tables
from orchestration.runs.outcome import run_summary
from orchestration.settings import EMBEDDED_DIR

RELEASE_KEY = dg.AssetKey(["release", "war_losses"])
FILES_KEY = dg.AssetKey(["release", "files"])
REPORT_KEY = dg.AssetKey(["release", "report"])
# The chart of the page that shows what is in a mart, by mart: among the mart's events, an operator sees it too.
CHARTS = {
    "deaths_by_week": "deaths-as-known",
    "expected_deaths_history": "expected-deaths",
    "toll_estimates": "totals",
    "recruitment_vs_losses": "recruits-and-losses",
    "occupied_area_by_day": "net-area",
    "losses_per_km2": "losses-per-km2",
    "deaths_by_month": "completeness",
    "deaths_by_branch": "branches",
}
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


def _image(svg: str) -> dg.MarkdownMetadataValue:
    """A drawing as the UI can show it: within the metadata, because it serves no files."""
    return dg.MetadataValue.md(f"![chart](data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})")


def pulls_of_run(instance: dg.DagsterInstance, run_id: str) -> dict[str, str]:
    """What the pulls of a run came to, by source; those that failed are told by their checks."""
    records = instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION).records
    pulls = {}
    for record in records:
        materialization = record.event_log_entry.asset_materialization
        if materialization.asset_key.path[0] == "raw" and "new" in materialization.metadata:
            counts = (f"{materialization.metadata[name].value:,} {name}" for name in ("new", "changed", "gone"))
            pulls[materialization.asset_key.path[-1]] = ", ".join(counts)
    return pulls


def release_assets(manifest: Mapping[str, Any], check_specs: Sequence[dg.AssetCheckSpec]) -> dg.AssetsDefinition:
    """What analysts receive, downstream of every mart: all of a release or nothing of it.

    Args:
        manifest: dbt's manifest, parsed.
        check_specs: all checks of the assets before it, whose results are published.
    """
    tables = published_tables(manifest)
    of_the_page = report_tables(manifest)

    @dg.multi_asset(
        name="release",
        specs=[
            dg.AssetSpec(
                RELEASE_KEY,
                deps=[
                    *(dg.AssetKey(["marts", table.name]) for table in tables),
                    *(dg.AssetKey([REPORT_SCHEMA, table.name]) for table in of_the_page),
                ],
                group_name="release",
                kinds={"duckdb"},
                owners=OWNERS,
                description=(
                    "What analysts open: one DuckDB file with every mart, the results of all checks, a data dictionary "
                    "and the rows behind the page's charts. The whole release is built aside, verified, and published "
                    "in one step."
                ),
            ),
            dg.AssetSpec(
                FILES_KEY,
                deps=[RELEASE_KEY],
                group_name="release",
                kinds={"parquet", "csv"},
                owners=OWNERS,
                description=(
                    "The same tables as Parquet and CSV, described as a data package and in words, what changed since "
                    "the release before, and the hash of every file."
                ),
            ),
            dg.AssetSpec(
                REPORT_KEY,
                deps=[RELEASE_KEY],
                group_name="release",
                kinds={"html", "altair"},
                owners=OWNERS,
                description=(
                    "The page for readers: charts of the release with their findings, tables and sources, in one file "
                    "that needs no network."
                ),
            ),
        ],
        can_subset=False,
        pool="refresh",
    )
    def release(context: dg.AssetExecutionContext, war_losses: WarLosses) -> Iterator[dg.MaterializeResult]:
        from orchestration.report.page import write_report  # charts take a second to import: only here

        settings = war_losses.settings
        checks = latest_check_results(context.instance, check_specs)
        built = build_release(
            Ingredients(
                warehouse_path=settings.warehouse_path,
                tables=tables,
                report_tables=of_the_page,
                checks=checks,
                shipped_dir=EMBEDDED_DIR,
                run_id=context.run.run_id,
                now=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
                write_page=write_report,
            ),
            Releases(settings.published_dir, settings.releases_dir),
        )
        record = read_record(built.folder)
        rows = [f"| {table} | {count:,} |" for table, count in record["tables"].items()]
        changes = summary(built.changes)
        yield dg.MaterializeResult(
            asset_key=RELEASE_KEY,
            metadata={
                "version": record["version"],
                "as_of": record["as_of"],
                "path": dg.MetadataValue.path(str(settings.published_path)),
                "dagster/row_count": sum(record["tables"].values()),
                "tables": dg.MetadataValue.md("\n".join(["| table | rows |", "| --- | ---: |", *rows])),
                "checks_passed": sum(check.passed for check in checks),
                "checks_failed": sum(not check.passed for check in checks),
                "size_bytes": sum(file["bytes"] for file in record["files"] if file["path"] == DATABASE_NAME),
            },
        )
        yield dg.MaterializeResult(
            asset_key=FILES_KEY,
            metadata={
                "version": record["version"],
                "path": dg.MetadataValue.path(str(settings.published_dir)),
                "changes": dg.MetadataValue.md("\n".join(f"* {sentence}" for sentence in changes)),
                "files": len(record["files"]),
                "size_bytes": sum(file["bytes"] for file in record["files"]),
            },
        )
        images = {name: _image(svg) for name, svg in built.report.drawings.items()}
        report = settings.published_dir / built.report.index.relative_to(built.report.index.parents[1])
        yield dg.MaterializeResult(
            asset_key=REPORT_KEY,
            metadata={
                "version": record["version"],
                "page": dg.MetadataValue.path(str(report)),
                "charts": len(built.report.drawings),
                "not_drawn": dg.MetadataValue.json(built.report.missing),
                "size_bytes": report.stat().st_size,
                **images,
            },
        )
        for mart, chart in CHARTS.items():
            if chart in images:
                # Of the mart as it was released; its materialization was told before the chart was drawn.
                context.log_event(dg.AssetObservation(["marts", mart], metadata={"chart": images[chart]}))
        pulls = pulls_of_run(context.instance, context.run.run_id)
        context.log.info(run_summary(record["version"], record["as_of"], record["tables"], pulls, checks, changes))

    return release
