"""What is known of each upstream, a folder each: publisher, place, format, rules. No Dagster here.

`SOURCES` finds the folders; `base` is the contract they fulfil. Upstreams publish in four shapes, and each has a class
to build on: a file a day (`daily_files`), files that each hold a whole series (`whole_series`), releases that revise
all weeks (`dated_releases`), one file that is overwritten (`overwritten_file`). What all share on the way in, from the
request to the table, is in `intake`.
"""

import pkgutil
from importlib import import_module
from importlib.util import find_spec

from orchestration.sources.base import Source, TableShape


def discover(package: str = __name__) -> dict[str, Source]:
    """The sources of a package by name: `SOURCE` of every folder in it that has a module `source`."""
    modules = [f"{package}.{found.name}.source" for found in pkgutil.iter_modules(import_module(package).__path__)]
    sources = [import_module(module).SOURCE for module in modules if _is_source(module)]
    return {source.name: source for source in sources}


def _is_source(module: str) -> bool:
    folder = find_spec(module.rpartition(".")[0])
    return bool(folder and folder.submodule_search_locations and find_spec(module))


SOURCES: dict[str, Source] = discover()
TABLES: dict[str, TableShape] = {shape.name: shape for source in SOURCES.values() for shape in source.tables}
