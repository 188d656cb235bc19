"""What a refresh spends its time in, by package, as Python's own profiler saw it."""

import pstats
import re
from collections import Counter
from pathlib import Path

from tests.benchmarks.installation import Installation
from tests.benchmarks.measuring import BenchmarkError

IMPORTING = "Python: finding and loading modules"
STANDARD_LIBRARY = "Python: the rest of its library"
OWN = "orchestration (this project)"
# dbt is a child: what Dagster's part for it spends is spent waiting.
WAITING_FOR_DBT = "dagster_dbt (waiting for dbt)"
_BUILT_IN = "~"
_PACKAGE = re.compile(r"/site-packages/(\w+)")

Function = tuple[str, int, str]


def profiled_refresh(installation: Installation, folder: Path) -> dict[str, float]:
    """Seconds by package of a refresh under the profiler, which takes a third longer than one without.

    Raises:
        BenchmarkError: it published nothing.
    """
    written = folder / "refresh.prof"
    run = installation.command("python", "-m", "cProfile", "-o", written, "-m", "orchestration.cli", "refresh")
    if "Published in" not in run.output:  # the profiler ends well whatever it profiled
        raise BenchmarkError(f"the profiled refresh published nothing:\n{run.output[-4000:]}")
    return by_package(pstats.Stats(str(written)))


def by_package(stats: pstats.Stats) -> dict[str, float]:
    """Seconds spent in the code of each package itself, the largest first; what is built in counts where it is called.

    Args:
        stats: a profile of one process.
    """
    seconds: Counter[str] = Counter()
    for function, (_, _, own_s, _, callers) in stats.stats.items():
        if function[0] == _BUILT_IN and callers:
            for caller, (_, _, of_caller_s, _) in callers.items():
                seconds[_package(caller)] += of_caller_s
        else:
            seconds[_package(function)] += own_s
    return dict(seconds.most_common())


def _package(function: Function) -> str:
    file = function[0]
    if found := _PACKAGE.search(file):
        return WAITING_FOR_DBT if found[1] == "dagster_dbt" else found[1]
    if "/orchestration/" in file:
        return OWN
    return IMPORTING if "importlib" in file else STANDARD_LIBRARY
