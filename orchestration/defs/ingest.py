"""Upstream → raw files → observation tables, one chain a source.

What belongs here: which assets there are and what Dagster shows of them. What does not: how a source is pulled, parsed
or judged (orchestration.sources, orchestration.quality).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.resources import WarLosses
from orchestration.settings import EMBEDDED_DIR
from orchestration.sources import build, embedded, observations, provenance
from orchestration.sources.catalog import SOURCES, Source
from orchestration.sources.errors import PullError
from orchestration.sources.github import pull

OWNERS = ["team:war-losses"]


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


def _raw_asset(source: Source) -> dg.AssetsDefinition:
    @dg.asset(
        key=raw_key(source),
        deps=[upstream_key(source)],
        group_name="raw",
        kinds={"github", "file"},
        owners=OWNERS,
        description=f"Files of “{source.title}” as served, kept under their hash and never overwritten.",
        metadata=_source_metadata(source),
        check_specs=[
            dg.AssetCheckSpec(
                "pulled",
                asset=raw_key(source),
                description="Upstream did not answer in full: figures stay as old as the last pull.",
                metadata={"severity": "warn", "threshold": "every listed file fetched and verified"},
            )
        ],
        pool="refresh",
    )
    def raw(context: dg.AssetExecutionContext, war_losses: WarLosses) -> dg.MaterializeResult:
        archive = war_losses.archive
        problem = None
        try:
            result = pull(source, archive, war_losses.settings, github=war_losses.github)
        except PullError as error:
            # The figures of the last good pull stay in use; the check says so, the other sources go on.
            problem = str(error)
            context.log.warning(problem)
            summary = {}
        else:
            summary = {
                "new": len(result.new),
                "changed": len(result.changed),
                "unchanged": result.unchanged,
                "gone": len(result.gone),
                "bytes_fetched": result.bytes_fetched,
                "requests": result.requests,
                "upstream_ref": result.upstream_ref,
            }
            context.log.info("%s: %s", source.name, ", ".join(f"{value} {name}" for name, value in summary.items()))
        last = archive.last_pull(source.name)
        since = f"last complete pull: {last.pulled_at:%Y-%m-%d %H:%M} UTC" if last else "never pulled: shipped figures"
        return dg.MaterializeResult(
            metadata=summary,
            check_results=[
                dg.AssetCheckResult(
                    check_name="pulled",
                    passed=problem is None,
                    severity=dg.AssetCheckSeverity.WARN,
                    description=problem,
                    metadata={"measured": f"{problem} ({since})" if problem else since},
                )
            ],
        )

    return raw


def _observation_asset(source: Source) -> dg.AssetsDefinition:
    keys = {table: observation_key(table) for table in source.tables}

    @dg.multi_asset(
        name=f"observe_{source.name}",
        specs=[
            dg.AssetSpec(
                key,
                deps=[raw_key(source)],
                group_name="observations",
                kinds={"python", "parquet"},
                owners=OWNERS,
                description=f"{source.title}: tidy table `{table}` of the shipped and the pulled figures.",
                metadata={
                    **_source_metadata(source),
                    "dagster/column_schema": dg.TableSchema(
                        columns=[
                            dg.TableColumn(
                                field.name,
                                str(field.type),
                                constraints=dg.TableColumnConstraints(nullable=field.nullable),
                            )
                            for field in observations.TABLES[table].schema
                        ]
                    ),
                },
            )
            for table, key in keys.items()
        ],
        check_specs=[
            dg.AssetCheckSpec(
                "parsed",
                asset=keys[source.tables[0]],
                description="A file could not be read: its last good version, or the shipped figures, stay in use.",
                metadata={"severity": "error", "threshold": "every file of the archive read"},
            )
        ],
        pool="refresh",
    )
    def observe(context: dg.AssetExecutionContext, war_losses: WarLosses) -> Iterator:
        observed = build.observe(source.name, war_losses.archive, embedded.read_embedded(EMBEDDED_DIR))
        observations.write_tables(war_losses.settings.observations_dir, observed.tables)
        for table, key in keys.items():
            frame = observed.tables[table]
            newest = observations.last_observation(observed.tables, [table])
            yield dg.MaterializeResult(
                asset_key=key,
                metadata={
                    "dagster/row_count": len(frame),
                    "as_of": newest.date().isoformat() if newest is not None else "no rows",
                    "preview": dg.MetadataValue.md(frame.tail(5).to_markdown(index=False)),
                },
            )
        reasons = [file.reason or file.path for file in observed.rejected]
        for reason in reasons:
            context.log.error(reason)
        yield dg.AssetCheckResult(
            asset_key=keys[source.tables[0]],
            check_name="parsed",
            passed=not reasons,
            severity=dg.AssetCheckSeverity.ERROR,
            description="\n".join(reasons) or None,
            metadata={"measured": f"{len(reasons)} files refused" + (f": {reasons[0]}" if reasons else "")},
        )

    return observe


@dg.asset(
    key=observation_key("source_provenance"),
    deps=[observation_key(table) for source in SOURCES.values() for table in source.tables],
    group_name="observations",
    kinds={"python", "parquet"},
    owners=OWNERS,
    description="One row a source: publisher, licence, citation, how fresh its figures are and where they came from.",
    pool="refresh",
)
def source_provenance(war_losses: WarLosses) -> dg.MaterializeResult:
    """Table of where each source's figures come from."""
    directory = war_losses.settings.observations_dir
    tables = {
        table: observations.read_table(directory, table) for source in SOURCES.values() for table in source.tables
    }
    frame = provenance.source_provenance(tables, war_losses.archive, embedded.read_refs(EMBEDDED_DIR))
    observations.write_tables(directory, {"source_provenance": frame})
    return dg.MaterializeResult(metadata={"dagster/row_count": len(frame)})


raw_assets = [_raw_asset(source) for source in SOURCES.values()]
observation_assets = [*(_observation_asset(source) for source in SOURCES.values()), source_provenance]
