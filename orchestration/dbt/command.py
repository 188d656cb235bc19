"""dbt as a child of a refresh: it ends when the refresh does, and says its version without loading itself.

A dbt that outlived a killed refresh would hold the warehouse against the next one. What belongs here: how the process
behaves. What does not: what dbt is asked to do (defs/warehouse.py).
"""

import ctypes
import os
import signal
import sys
import threading
import time
from importlib.metadata import version

from orchestration import performance

# prctl(2): the signal a process gets when its parent dies.
_PR_SET_PDEATHSIG = 1
# How often a system without prctl looks whether the parent is still there, in seconds.
_POLL_S = 0.5


def main() -> None:
    """Run dbt with the arguments of this process (console script war-losses-dbt)."""
    if sys.argv[1:] == ["--version"]:
        # Dagster asks before every run.
        print(f"Core:\n  - installed: {version('dbt-core')}")
        return
    die_with_parent()
    performance.never_collect()
    from dbt.cli.main import cli

    cli()


def die_with_parent() -> None:
    """Make sure that this process ends at once when the one that started it does, however that ended."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it died before the request was in place
        os.kill(os.getpid(), signal.SIGKILL)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_POLL_S)
    os.kill(os.getpid(), signal.SIGKILL)
