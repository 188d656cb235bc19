"""Upstream → raw files → observation tables, one chain a source.

What belongs here: which assets there are and what Dagster shows of them. What does not: how a source is pulled, parsed
or judged (orchestration.sources). Those modules load pandas and GEOS, half a second for every process that only lists
the assets: they are imported where a run uses them.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.defs.resources import WarLosses
from orchestration.settings import SHIPPED_DIR
from orchestration.sources import SOURCES, TABLES
from orchestration.sources.base import Source, TableShape
from orchestration.sources.errors import PullError
from orchestration.sources.intake import pull_progress

if TYPE_CHECKING:
    import pandas as pd

    from orchestration.sources.intake.github import PullResult

OWNERS = ["team:war-losses"]
# A night brings a handful of files a source; a first pull over a thousand.
NAMED_FILES = 10
PULL_COUNTS = ("new", "changed", "unchanged", "gone", "bytes_fetched", "requests", "upstream_ref")


def upstream_key(source: Source) -> dg.AssetKey:
    """What the publisher has; not ours to materialize."""
    return dg.AssetKey(["upstream", source.name])


def raw_key(source: Source) -> dg.AssetKey:
    """The files of a source, as served."""
    return dg.AssetKey(["raw", source.name])


def observation_key(table: str) -> dg.AssetKey:
    """An observation table; dbt reads it under the same name."""
    return dg.AssetKey(["observations", table])


def _source_metadata(source: Source) -> dict[str, dg.MetadataValue | str]:
    return {
        "publisher": source.publisher,
        "upstream": dg.MetadataValue.url(source.url),
        "licence": source.licence,
        "citation": source.citation,
    }


upstream_specs = [
    dg.AssetSpec(
        upstream_key(source),
        description=f"{source.title}. {source.note}",
        group_name="upstream",
        kinds={"github"},
        owners=OWNERS,
        metadata=_source_metadata(source),
    )
    for source in SOURCES.values()
]


def _freshness_policy(source: Source) -> dg.FreshnessPolicy | None:
    """When nobody has pulled for longer than the source's own rhythm. How old the figures are is a check of its own."""
    if source.cadence_days is None:  # a closed series
        return None
    return dg.FreshnessPolicy.time_window(fail_window=timedelta(days=source.cadence_days))


def _raw_asset(source: Source) -> dg.AssetsDefinition:
    @dg.asset(
        key=raw_key(source),
        deps=[upstream_key(source)],
        group_name="raw",
        kinds={"github", "file"},
        owners=OWNERS,
        description=f"Files of “{source.title}” as served, kept under their hash and never overwritten.",
        metadata=_source_metadata(source),
        freshness_policy=_freshness_policy(source),
        check_specs=[
            dg.AssetCheckSpec(
                "pulled",
                asset=raw_key(source),
                description="Upstream did not answer in full: figures stay as old as the last pull.",
                metadata={"severity": "error", "threshold": "every listed file fetched and verified"},
            )
        ],
        pool="refresh",
    )
    def raw(context: dg.AssetExecutionContext, war_losses: WarLosses) -> dg.MaterializeResult:
        from orchestration.sources.intake.github import pull

        archive = war_losses.archive
        problem = None
        try:
            result = pull(
                source, archive, war_losses.settings, pull_progress.report(source.name), github=war_losses.github
            )
        except PullError as error:
            # The figures of the last good pull stay in use; the check says so, the other sources go on.
            problem = str(error)
            context.log.warning(problem)
            metadata: dict[str, dg.JsonMetadataValue | int | str] = {}
        else:
            metadata = _pulled(result)
            context.log.info("%s: %s", source.name, ", ".join(f"{metadata[name]} {name}" for name in PULL_COUNTS))
        last = archive.last_pull(source.name)
        since = f"last complete pull: {last.pulled_at:%Y-%m-%d %H:%M} UTC" if last else "never pulled: shipped figures"
        return dg.MaterializeResult(
            metadata=metadata,
            check_results=[
                dg.AssetCheckResult(
                    check_name="pulled",
                    passed=problem is None,
                    # Where nothing was ever pulled, on a machine without network, nothing has got worse.
                    severity=dg.AssetCheckSeverity.ERROR if last else dg.AssetCheckSeverity.WARN,
                    description=problem,
                    metadata={"measured": f"{problem} ({since})" if problem else since},
                )
            ],
        )

    return raw


def _pulled(result: "PullResult") -> dict[str, dg.JsonMetadataValue | int | str]:
    """What a pull brought: numbers of files, and the names of the newest that came or went."""
    files = {"new": result.new, "changed": result.changed, "gone": result.gone}
    return {
        "new": len(result.new),
        "changed": len(result.changed),
        "unchanged": result.unchanged,
        "gone": len(result.gone),
        "bytes_fetched": result.bytes_fetched,
        "requests": result.requests,
        "upstream_ref": result.upstream_ref,
        **{f"{what}_files": _some(names) for what, names in files.items() if names},
    }


def _some(files: list[str]) -> dg.JsonMetadataValue:
    """The newest names of a list, which may be as long as a first pull."""
    return dg.MetadataValue.json({"count": len(files), "newest": files[-NAMED_FILES:]})


def _column_schema(shape: TableShape) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(field.name, str(field.type), constraints=dg.TableColumnConstraints(nullable=field.nullable))
            for field in shape.schema
        ]
    )


def _observation_asset(source: Source) -> dg.AssetsDefinition:
    keys = {shape.name: observation_key(shape.name) for shape in source.tables}

    @dg.multi_asset(
        name=f"assemble_{source.name}",
        specs=[
            dg.AssetSpec(
                keys[shape.name],
                deps=[raw_key(source)],
                group_name="observations",
                kinds={"python", "parquet"},
                owners=OWNERS,
                description=f"{source.title}: tidy table `{shape.name}` of the shipped and the pulled figures.",
                metadata={
                    **_source_metadata(source),
                    "dagster/column_schema": _column_schema(shape),
                },
            )
            for shape in source.tables
        ],
        check_specs=[
            dg.AssetCheckSpec(
                "parsed",
                asset=keys[source.table_names[0]],
                description=(
                    "A file could not be read or cannot be right: its last good version, or the shipped figures, stay "
                    "in use."
                ),
                metadata={"severity": "error", "threshold": "every file upstream offers is read and plausible"},
            )
        ],
        pool="refresh",
    )
    def assembled(context: dg.AssetExecutionContext, war_losses: WarLosses) -> Iterator:
        from orchestration.sources import tables
        from orchestration.sources.intake import assembly, quarantine
        from orchestration.sources.intake.shipped import read_shipped

        shipped = read_shipped(SHIPPED_DIR, source.table_names)
        result = assembly.assemble(source, war_losses.archive, shipped)
        tables.write_tables(war_losses.settings.observations_dir, source.tables, result.tables)
        for shape in source.tables:
            frame, newest = result.tables[shape.name], tables.last_observation([shape], result.tables)
            yield dg.MaterializeResult(
                asset_key=keys[shape.name],
                metadata={
                    "dagster/row_count": len(frame),
                    "as_of": newest.isoformat() if newest else "no rows",
                    "preview": dg.MetadataValue.md(frame.tail(5).to_markdown(index=False)),
                },
            )
        newest = tables.last_observation(source.tables, result.tables)
        # What a person set aside needs no further decision: it is told, and does not stay red.
        open_cases = [quarantine.for_operator(f, newest) for f in result.held_back if not f.decided_by_person]
        for case in open_cases:
            context.log.error(case)
        yield _parsed(keys[source.table_names[0]], open_cases, len(result.held_back) - len(open_cases))

    return assembled


def _parsed(key: dg.AssetKey, open_cases: Sequence[str], set_aside: int) -> dg.AssetCheckResult:
    """The check of what is held back: cases nobody has decided, in words, and how many a person set aside."""
    from orchestration.sources.intake import quarantine

    held = f"{len(open_cases)} held back, {set_aside} set aside by a person"
    return dg.AssetCheckResult(
        asset_key=key,
        check_name="parsed",
        passed=not open_cases,
        severity=dg.AssetCheckSeverity.ERROR,
        description="\n".join(quarantine.shortened(open_cases)) or None,
        metadata={"measured": f"{held}: {open_cases[-1]}" if open_cases else held},
    )


# The two tables below wait for every other one and its blocking checks, and dbt waits for them. That is what keeps dbt
# from building on a table whose check is red: Dagster exempts a step that performs checks on a table itself, as dbt's
# does by its source tests, from waiting for the other checks of that table.
_ALL_TABLES = [observation_key(table) for table in TABLES]


@dg.asset(
    key=observation_key("source_provenance"),
    deps=_ALL_TABLES,
    group_name="observations",
    kinds={"python", "parquet"},
    owners=OWNERS,
    description="One row a source: publisher, licence, citation, how fresh its figures are and where they came from.",
    pool="refresh",
)
def source_provenance(war_losses: WarLosses) -> dg.MaterializeResult:
    """Table of where each source's figures come from."""
    from orchestration.sources import tables
    from orchestration.sources.intake import provenance
    from orchestration.sources.intake.shipped import read_refs

    directory = war_losses.settings.observations_dir
    filled = {name: tables.read_table(directory, shape) for name, shape in TABLES.items()}
    frame = provenance.source_provenance(filled, war_losses.archive, read_refs(SHIPPED_DIR))
    tables.write_tables(directory, [provenance.SOURCE_PROVENANCE], {provenance.SOURCE_PROVENANCE.name: frame})
    return _shown_whole(frame)


@dg.asset(
    key=observation_key("accepted_by_people"),
    deps=_ALL_TABLES,
    group_name="observations",
    kinds={"python", "parquet"},
    owners=OWNERS,
    description="One row a source and day of a file in use because a person said so; the series checks pass over it.",
    pool="refresh",
)
def accepted_by_people(war_losses: WarLosses) -> dg.MaterializeResult:
    """Table of what people answer for."""
    from orchestration.sources import tables
    from orchestration.sources.intake import provenance

    shape, frame = provenance.ACCEPTED_BY_PEOPLE, provenance.accepted_by_people(war_losses.archive)
    tables.write_tables(war_losses.settings.observations_dir, [shape], {shape.name: frame})
    return _shown_whole(frame)


def _shown_whole(frame: "pd.DataFrame") -> dg.MaterializeResult:
    """A table of a few rows, all of them in the UI."""
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(frame),
            "preview": dg.MetadataValue.md(frame.to_markdown(index=False)),
        }
    )


raw_assets = [_raw_asset(source) for source in SOURCES.values()]
observation_assets = [
    *(_observation_asset(source) for source in SOURCES.values()),
    source_provenance,
    accepted_by_people,
]
