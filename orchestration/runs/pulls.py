"""What the pulls of a run brought, read from what it recorded of its raw assets."""

from dataclasses import dataclass

import dagster as dg


@dataclass(frozen=True)
class Pulled:
    """What a pull of one source brought: numbers of files."""

    source: str
    new: int
    changed: int
    unchanged: int
    gone: int


def pulls_of_run(instance: dg.DagsterInstance, run_id: str) -> list[Pulled]:
    """The pulls of a run that were complete; those that failed are told by their checks."""
    records = instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION).records
    made = [materialization for record in records if (materialization := record.asset_materialization)]
    return [
        Pulled(pull.asset_key.path[-1], *(_number(pull, name) for name in ("new", "changed", "unchanged", "gone")))
        for pull in made
        if pull.asset_key.path[0] == "raw" and "new" in pull.metadata
    ]


def _number(pull: dg.AssetMaterialization, name: str) -> int:
    number = pull.metadata[name].value
    if not isinstance(number, int):
        raise TypeError(f"{pull.asset_key.to_user_string()}: {name} is {number!r}, no number of files")
    return number
