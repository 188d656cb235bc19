"""What the pulls of a run brought, read from what it recorded of its raw assets."""

from dataclasses import dataclass
from typing import Self

import dagster as dg


@dataclass(frozen=True)
class Pulled:
    """What a pull of one source brought: numbers of files."""

    source: str
    new: int
    changed: int
    unchanged: int
    gone: int

    @classmethod
    def of(cls, source: str, metadata: dict[str, dg.MetadataValue]) -> Self:
        """Read the numbers from the metadata of a raw asset's materialization."""
        numbers = {name: metadata[name].value for name in ("new", "changed", "unchanged", "gone")}
        return cls(source, **numbers)


def pulls_of_run(instance: dg.DagsterInstance, run_id: str) -> list[Pulled]:
    """The pulls of a run that were complete; those that failed are told by their checks."""
    records = instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION).records
    made = [materialization for record in records if (materialization := record.asset_materialization)]
    return [
        Pulled.of(materialization.asset_key.path[-1], dict(materialization.metadata))
        for materialization in made
        if materialization.asset_key.path[0] == "raw" and "new" in materialization.metadata
    ]
