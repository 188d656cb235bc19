"""Whose figures a table of the warehouse holds: the upstream sources and curated seeds that it is made of.

What belongs here: walking dbt's manifest back to its roots. What does not: what is known of
a source (orchestration.sources).
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from orchestration.sources import SOURCES
from orchestration.sources.base import Source

_SOURCE_BY_TABLE = {table: source for source in SOURCES.values() for table in source.table_names}


class Lineage:
    """Roots of every model, read from dbt's manifest."""

    def __init__(self, manifest: Mapping[str, Any]):
        self._nodes = {**manifest["nodes"], **manifest["sources"]}
        self._parents = manifest["parent_map"]
        self._roots = cache(self._find_roots)

    def sources_of(self, unique_id: str) -> list[Source]:
        """The upstream sources behind a model, by name."""
        tables = {self._nodes[root]["name"] for root in self._roots(unique_id) if root.startswith("source.")}
        of_sources = {_SOURCE_BY_TABLE[table].name for table in tables if table in _SOURCE_BY_TABLE}
        # What rests on tables that are none of a source's own (source_provenance) is about all of them.
        names = of_sources if of_sources or not tables else SOURCES
        return [SOURCES[name] for name in sorted(names)]

    def seeds_of(self, unique_id: str) -> list[str]:
        """The files of curated figures behind a model, as paths in the dbt project."""
        return sorted(self._nodes[root]["original_file_path"] for root in self._roots(unique_id) if "seed." in root)

    def in_words(self, unique_id: str) -> str:
        """Both as a Markdown list with links and licences."""
        lines = [
            f"- [{source.title}]({source.url}), {source.publisher}. Licence: {source.licence}"
            for source in self.sources_of(unique_id)
        ]
        lines += [f"- `{path}`: curated figures, each row with its source" for path in self.seeds_of(unique_id)]
        return "\n".join(lines)

    def _find_roots(self, unique_id: str) -> frozenset[str]:
        parents = [parent for parent in self._parents.get(unique_id, []) if parent in self._nodes]
        if not parents:
            return frozenset({unique_id})
        return frozenset().union(*(self._roots(parent) for parent in parents))
