"""The last step: publish the marts with the results of every check.

What belongs here: gathering what Dagster knows. What does not: how a release is built (orchestration.release).
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.defs.ingest import OWNERS
from orchestration.defs.resources import WarLosses
from orchestration.release.build import ReleaseInputs, build_release
from orchestration.release.change_notes import summary
from orchestration.release.database import DATABASE_NAME
from orchestration.release.history import Releases
from orchestration.release.record import read_record
from orchestration.release.tables import REPORT_SCHEMA, PublishedTable, published_tables, report_tables
from orchestration.report import Report
from orchestration.runs.check_history import latest_check_results
from orchestration.runs.outcome import CheckTally, run_summary
from orchestration.runs.pulls import pulls_of_run
from orchestration.settings import SHIPPED_DIR

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


def release_assets(manifest: Mapping[str, Any], check_specs: Sequence[dg.AssetCheckSpec]) -> dg.AssetsDefinition:
    """What analysts receive, downstream of every mart: all of a release or nothing of it.

    Args:
        manifest: dbt's manifest, parsed.
        check_specs: all checks of the assets before it, whose results are published.
    """
    tables = published_tables(manifest)
    of_the_page = report_tables(manifest)

    @dg.multi_asset(name="release", specs=_specs(tables, of_the_page), can_subset=False, pool="refresh")
    def release(context: dg.AssetExecutionContext, war_losses: WarLosses) -> Iterator[dg.MaterializeResult]:
        from orchestration.report.page import write_report  # loads what draws charts: only here

        settings = war_losses.settings
        checks = latest_check_results(context.instance, check_specs)
        built = build_release(
            ReleaseInputs(
                warehouse_path=settings.warehouse_path,
                tables=tables,
                report_tables=of_the_page,
                checks=checks,
                shipped_dir=SHIPPED_DIR,
                run_id=context.run.run_id,
                now=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
                write_page=write_report,
            ),
            Releases(settings.published_dir, settings.releases_dir),
        )
        record = read_record(built.folder)
        changes = summary(built.changes)
        images = {name: _image(svg) for name, svg in built.report.drawings.items()}
        yield _database_result(settings.published_path, record, CheckTally.of(checks))
        yield _files_result(settings.published_dir, record, changes)
        yield _report_result(settings.published_dir, record, built.report, images)
        for mart, chart in CHARTS.items():
            if chart in images:
                # Of the mart as it was released; its materialization was told before the chart was drawn.
                context.log_event(dg.AssetObservation(["marts", mart], metadata={"chart": images[chart]}))
        pulls = pulls_of_run(context.instance, context.run.run_id)
        context.log.info(run_summary(record["version"], record["as_of"], record["tables"], pulls, checks, changes))

    return release


def _specs(tables: Sequence[PublishedTable], of_the_page: Sequence[PublishedTable]) -> list[dg.AssetSpec]:
    return [
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
                "What analysts open: one DuckDB file with every mart, the results of all checks, a data dictionary and "
                "the rows behind the page's charts. The whole release is built aside, verified, and published in one "
                "step."
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
    ]


def _database_result(path: Path, record: Mapping[str, Any], tally: CheckTally) -> dg.MaterializeResult:
    rows = [f"| {table} | {count:,} |" for table, count in record["tables"].items()]
    return dg.MaterializeResult(
        asset_key=RELEASE_KEY,
        metadata={
            "version": record["version"],
            "as_of": record["as_of"],
            "path": dg.MetadataValue.path(str(path)),
            "dagster/row_count": sum(record["tables"].values()),
            "tables": dg.MetadataValue.md("\n".join(["| table | rows |", "| --- | ---: |", *rows])),
            "checks_passed": tally.passed,
            "checks_failed": len(tally.to_look_at) + len(tally.failed),
            "size_bytes": sum(file["bytes"] for file in record["files"] if file["path"] == DATABASE_NAME),
        },
    )


def _files_result(folder: Path, record: Mapping[str, Any], changes: Sequence[str]) -> dg.MaterializeResult:
    return dg.MaterializeResult(
        asset_key=FILES_KEY,
        metadata={
            "version": record["version"],
            "path": dg.MetadataValue.path(str(folder)),
            "changes": dg.MetadataValue.md("\n".join(f"* {sentence}" for sentence in changes)),
            "files": len(record["files"]),
            "size_bytes": sum(file["bytes"] for file in record["files"]),
        },
    )


def _report_result(
    folder: Path, record: Mapping[str, Any], report: Report, images: Mapping[str, dg.MarkdownMetadataValue]
) -> dg.MaterializeResult:
    page = folder / report.index.relative_to(report.index.parents[1])
    return dg.MaterializeResult(
        asset_key=REPORT_KEY,
        metadata={
            "version": record["version"],
            "page": dg.MetadataValue.path(str(page)),
            "charts": len(report.drawings),
            "not_drawn": dg.MetadataValue.json(report.missing),
            "size_bytes": page.stat().st_size,
            **images,
        },
    )


def _image(svg: str) -> dg.MarkdownMetadataValue:
    """A drawing as the UI can show it: within the metadata, because it serves no files."""
    return dg.MetadataValue.md(f"![chart](data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})")
