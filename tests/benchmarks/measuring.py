"""Running a command and measuring it: wall time, and the memory of it and everything it starts.

What belongs here: one run of one process tree, and medians of many. What does not: what is run (lines.py).
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

# Ten looks a second see every peak that lasts as long as a model of dbt, and cost under a hundredth of a core.
_SAMPLE_S = 0.1
_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class BenchmarkError(RuntimeError):
    """A measured command failed or took too long: its figure would mean nothing."""


@dataclass(frozen=True)
class Run:
    """One run: wall time in seconds, its start (Unix time), the peak memory of the tree in bytes, what it printed.

    The peak is the sum of the resident sizes of all processes at one moment. Pages they share count in each of them,
    so it is an upper bound; None where the system has no /proc to look it up in.
    """

    started_at: float
    wall_s: float
    peak_bytes: int | None
    output: str


def run(command: Sequence[str | Path], environment: Mapping[str, str], timeout_s: float, cwd: Path) -> Run:
    """Run a command to its end; raises BenchmarkError when it fails or takes longer than `timeout_s`."""
    started_at, start = time.time(), time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
        cwd=cwd,
        start_new_session=True,  # so that a time-out ends the children, too
    )
    peak = _Peak(process.pid)
    peak.start()
    try:
        output, _ = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        raise BenchmarkError(f"{_shown(command)} took longer than {timeout_s:.0f} s") from None
    finally:
        wall_s = time.perf_counter() - start
        if process.poll() is None:  # too slow, or the benchmark itself was interrupted
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        peak.stop()
    if process.returncode:
        raise BenchmarkError(f"{_shown(command)} ended with {process.returncode}:\n{output[-4000:]}")
    return Run(started_at, wall_s, peak.bytes or None, output)


def in_turns(runs: int, steps: Mapping[str, Callable[[], Run]]) -> dict[str, list[Run]]:
    """Run the steps one after another, all of them `runs` times: what slows the machine down slows down each alike."""
    results: dict[str, list[Run]] = {name: [] for name in steps}
    for _ in range(runs):
        for name, step in steps.items():
            results[name].append(step())
    return results


def median_wall(runs: Sequence[Run]) -> float:
    """Median wall time in seconds."""
    return median(run.wall_s for run in runs)


def median_ratio(runs: Sequence[Run], base: Sequence[Run]) -> float:
    """Median of the ratios within each turn, so that drift of the machine cancels out."""
    return median(one.wall_s / other.wall_s for one, other in zip(runs, base, strict=True))


def highest_peak(runs: Sequence[Run]) -> int | None:
    """The highest peak of all runs in bytes; a limit must hold for the worst of them."""
    peaks = [run.peak_bytes for run in runs if run.peak_bytes is not None]
    return max(peaks, default=None)


class _Peak(threading.Thread):
    """Watches a process tree from outside."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.bytes = 0
        self._pid = pid
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(_SAMPLE_S):
            self.bytes = max(self.bytes, tree_bytes(self._pid))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def tree_bytes(pid: int) -> int:
    """Resident bytes of a process and its descendants; nothing of those that end while they are looked at."""
    try:
        resident = int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE
        children = [
            int(child)
            for thread in (_PROC / str(pid) / "task").iterdir()
            for child in (thread / "children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return resident + sum(map(tree_bytes, children))


def _shown(command: Sequence[str | Path]) -> str:
    return " ".join([Path(command[0]).name, *map(str, command[1:])])
