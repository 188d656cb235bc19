"""Measure everything on this machine and write docs/benchmarks.md (make bench). Takes a quarter of an hour."""

import argparse
import os
import platform
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median

import duckdb

from orchestration.settings import PROJECT_ROOT, SHIPPED_DIR
from orchestration.sources import SOURCES
from orchestration.sources.intake.shipped import read_shipped
from tests.benchmarks import growth, queries
from tests.benchmarks.installation import Installation, install
from tests.benchmarks.measuring import BenchmarkError, Run, highest_peak, in_turns, median_ratio, median_wall
from tests.benchmarks.page import GrownStep, Line, Measured, Size, render
from tests.benchmarks.phases import ASSEMBLING, PULLING, model_seconds, phases
from tests.benchmarks.profiles import profiled_refresh
from tests.reliability.faulty_github import FaultyGitHub, serve
from tests.reliability.made_up_upstream import write_night

PAGE = PROJECT_ROOT / "docs" / "benchmarks.md"
_DOCS = PROJECT_ROOT / "docs"
QUERY_PAGES = [PROJECT_ROOT / "README.md", _DOCS / "reading-the-figures.md", _DOCS / "as-of.md", _DOCS / "cookbook.md"]
REAL_UPSTREAM = PROJECT_ROOT.parent / "shared" / "upstream"
REPOSITORIES = len({source.repository for source in SOURCES.values()})
TIMES = 10
# Without the real files: as many made-up nights of two daily files each. Far smaller, so the limits are not judged.
MADE_UP_NIGHTS = 30
GIB, MIB = 2**30, 2**20


def main(arguments: Sequence[str] | None = None) -> None:
    """Run every measurement, print the table, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs behind each median (default 5)")
    runs = parser.parse_args(arguments).runs
    # Ended from outside, too, it ends what it started and leaves no folder behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended before everything was measured: nothing was written"))
    with tempfile.TemporaryDirectory(prefix="war-losses-bench-") as folder:
        try:
            text = render(measure(Path(folder), runs))
        except BenchmarkError as error:
            raise SystemExit(f"{error}\nNothing was written: a figure is missing.") from None
    PAGE.write_text(text, encoding="utf-8")
    print(text)


def measure(work: Path, runs: int) -> Measured:
    """All lines of the page, measured in an empty folder."""
    today = install(work / "today").prepare()
    lines, spent, grown = _refresh_and_growth(work, today, runs)
    lines += _pulls(work, today, runs)
    lines.append(_definitions(today, runs))
    timed = queries.time_queries(today.published / "war_losses.duckdb", queries.documented(QUERY_PAGES), runs)
    slow, slow_cold = max(q.warm_ms for q in timed), max(q.cold_ms for q in timed)
    lines += [
        Line(f"slowest of {len(timed)} documented queries, warm", f"{slow:.0f} ms", "< 50 ms", slow < 50),
        Line("slowest of them, cold file", f"{slow_cold:.0f} ms", "< 300 ms", slow_cold < 300),
    ]
    profile = profiled_refresh(today, work)
    return Measured(runs, _machine(), _versions(), lines, spent, profile, grown, timed, _sizes(today))


def _refresh_and_growth(
    work: Path, today: Installation, runs: int
) -> tuple[list[Line], dict[str, float], list[GrownStep]]:
    longer = install(
        work / "longer",
        partial(growth.longer, times=TIMES),
        {"recruitment": partial(growth.more_recruitment, spells=TIMES, speakers=TIMES)},
    ).prepare()
    often_issued = growth.more_often(read_shipped(SHIPPED_DIR), times=TIMES)
    more_often = install(
        work / "more-often",
        lambda _: often_issued,
        {"named_totals": partial(growth.named_totals_more_often, tables=often_issued)},
    ).prepare()
    spent: list[dict[str, float]] = []
    steps: dict[str, list[dict[str, float]]] = {"today": [], "longer": [], "more often": []}

    def refresh(name: str, installation: Installation) -> Run:
        run = installation.refresh()
        of_run = phases(installation, run)
        if installation is today:
            spent.append(of_run)
        steps[name].append({**of_run, **model_seconds(installation)})
        return run

    ran = in_turns(
        runs,
        {
            "dbt": today.bare_dbt,
            "today": partial(refresh, "today", today),
            "longer": partial(refresh, "longer", longer),
            "more often": partial(refresh, "more often", more_often),
        },
    )
    ratio = median_ratio(ran["today"], ran["dbt"])
    lines = [
        Line(
            "`war-losses refresh` against a bare `dbt build`",
            f"{ratio:.2f} × ({median_wall(ran['today']):.1f} s against {median_wall(ran['dbt']):.1f} s)",
            "≤ 2.0 ×",
            ratio <= 2.0,
        ),
        _memory_line("its peak memory", ran["today"], 1),
    ]
    for name, what in (
        ("longer", "ten times the vintages and days, a hundred times the recruitment rows"),
        ("more often", "ten times the vintages in the same days"),
    ):
        times = median_ratio(ran[name], ran["today"])
        lines += [
            Line(f"refresh of {what}", f"{times:.2f} × ({median_wall(ran[name]):.1f} s)", "≤ 3 ×", times <= 3),
            _memory_line("its peak memory", ran[name], 2),
        ]
    return lines, _medians(spent), _grown(steps)


def _memory_line(what: str, runs: Sequence[Run], limit_gib: int) -> Line:
    peak = highest_peak(runs)
    if peak is None:
        return Line(what, "not measured: no /proc here", f"< {limit_gib} GiB", None)
    return Line(what, f"{peak / MIB:,.0f} MiB", f"< {limit_gib} GiB", peak < limit_gib * GIB)


def _medians(samples: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: median(sample[name] for sample in samples) for name in samples[0]}


def _grown(steps: dict[str, list[dict[str, float]]]) -> list[GrownStep]:
    by_scale = {scale: _medians(samples) for scale, samples in steps.items()}
    grown = [GrownStep(name, *(by_scale[scale][name] for scale in steps)) for name in by_scale["today"]]
    return sorted(grown, key=lambda step: -max(step.longer_s, step.more_often_s))


def _pulls(work: Path, today: Installation, runs: int) -> list[Line]:
    upstream, is_real = REAL_UPSTREAM, REAL_UPSTREAM.is_dir()
    if not is_real:
        upstream = work / "upstream"
        for night in range(MADE_UP_NIGHTS):
            write_night(upstream, night)
    with serve(upstream) as github:
        first = _first_pull(work, today, github, is_real, runs)
        return [*first, *_pull_without_news(Installation(today.code, work / "pulled"), github, runs)]


def _first_pull(work: Path, today: Installation, github: FaultyGitHub, is_real: bool, runs: int) -> list[Line]:
    """Pull everything into an empty data directory, so many times; the last one stays in `pulled`."""
    pulled = Installation(today.code, work / "pulled")
    walls, networks, parses, fetched = [], [], [], 0
    for _ in range(runs):
        shutil.rmtree(pulled.data, ignore_errors=True)
        pulled.data.mkdir()
        pulled.command("war-losses", "prepare")
        github.requests.clear()
        run = pulled.pull(github.url)
        spent = phases(pulled, run)
        walls.append(run.wall_s)
        networks.append(spent[PULLING])
        parses.append(spent[ASSEMBLING])
        fetched = sum(not request.startswith("/repos/") for request in github.requests)
    megabytes = sum(file.stat().st_size for file in (pulled.data / "raw").rglob("*") if file.is_file()) / 1e6
    what = f"first pull of {'everything' if is_real else 'made-up files'}: {fetched:,} files, {megabytes:.0f} MB"
    parse_s, wall_s = median(parses), median(walls)
    return [
        Line(f"{what}, the whole refresh", f"{wall_s:.1f} s", "≤ 60 s", wall_s <= 60 if is_real else None),
        Line("of it network (loopback)", f"{median(networks):.1f} s", "stated", None),
        Line("of it parsing and areas", f"{parse_s:.1f} s", "≤ 10 s", parse_s <= 10 if is_real else None),
    ]


def _pull_without_news(pulled: Installation, github: FaultyGitHub, runs: int) -> list[Line]:
    requests: list[int] = []

    def quiet_pull() -> Run:
        github.requests.clear()
        run = pulled.pull(github.url)
        requests.append(len(github.requests))
        return run

    ran = in_turns(runs, {"refresh": pulled.refresh, "pull": quiet_pull})
    ratio = median_ratio(ran["pull"], ran["refresh"])
    return [
        Line(
            "refresh that pulls and finds nothing new, against one without a pull",
            f"{ratio:.2f} ×",
            "≤ 1.2 ×",
            ratio <= 1.2,
        ),
        Line(
            "requests of it",
            f"{max(requests)} for {REPOSITORIES} repositories",
            "one a repository",
            set(requests) == {REPOSITORIES},
        ),
    ]


def _definitions(today: Installation, runs: int) -> Line:
    ran = in_turns(
        runs,
        {
            "validate": lambda: today.command("dagster", "definitions", "validate", "-m", "orchestration.definitions"),
            "import": lambda: today.command("python", "-c", "import dagster, dagster_dbt"),
        },
    )
    ratio = median_ratio(ran["validate"], ran["import"])
    shown = f"{ratio:.2f} × ({median_wall(ran['validate']):.1f} s against {median_wall(ran['import']):.1f} s)"
    what = "`dagster definitions validate` against `import dagster, dagster_dbt`"
    return Line(what, shown, "≤ 1.5 ×", ratio <= 1.5)


def _sizes(today: Installation) -> list[Size]:
    """The published file, the whole release, and the largest tables by rows."""
    database = today.published / "war_losses.duckdb"
    whole = sum(file.stat().st_size for file in today.published.rglob("*") if file.is_file())
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select table_name, estimated_size from duckdb_tables() where schema_name = 'main' order by 2 desc limit 5"
        ).fetchall()
    return [
        Size("published DuckDB file", f"{database.stat().st_size / 1e6:.1f} MB"),
        Size("whole release", f"{whole / 1e6:.1f} MB"),
        *(Size(f"table `{table}`", f"{rows:,} rows") for table, rows in tables),
    ]


def _machine() -> str:
    """Cores, memory and processor; no name of the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    info = Path("/proc/cpuinfo")
    listed = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in listed if line.startswith("model name")]
    processor = names[0] if names else platform.machine()
    return f"{os.cpu_count()} cores ({processor}), {memory:.0f} GiB, {platform.system()}"


def _versions() -> str:
    packages = ("dagster", "dagster-dbt", "dbt-core", "dbt-duckdb", "duckdb")
    return ", ".join(
        [f"Python {platform.python_version()}", *(f"{package} {version(package)}" for package in packages)]
    )


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"measured in {time.monotonic() - started:.0f} s")
