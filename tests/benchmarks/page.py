"""docs/benchmarks.md from what was measured. What belongs here: words and tables. What does not: measuring."""

from dataclasses import dataclass
from datetime import UTC, datetime

from tests.benchmarks.queries import Timed

# Packages that take less than this are summed up.
_PROFILED_S = 0.1
# Steps that take less than this everywhere say nothing about growth.
_SHOWN_S = 0.5

# Tried on the made-up growth before it was left, with what it came to. Facts of the project, not of one run.
TRIED = """\
* Helped: freezing what is loaded once the definitions stand (`gc.freeze`), fewer collections on the command line and
  none in dbt's process. Python walked through a million objects that stay, again and again, and twice at the end of
  each process: 2.7 s of a refresh of 20 s, 1.3 s of `dagster definitions validate`. dbt takes 45 MB more.
* Helped: importing pandas, GEOS and what draws only where a run uses them: 0.4 s of whatever only lists the assets.
* Helped: parsing each file once. A first pull read every map to judge it and again to measure it, and the list of every
  day though 9 of 10 repeat the day before: 17.6 s, now 8.5 s.
* Helped: keeping the event log's connection open, and not asking for its tables at every check: a third of a refresh.
* Helped: rendering PNGs in a process beside the page. Threads did not: vl-convert holds Python's lock.
  Drawing all wide charts before the narrow ones, so that the PNG renderer never waits, took 0.2 s longer:
  two cores are busy.
* Did not help: more or fewer threads for dbt (1 to 4 on two cores: 7.3 to 8.8 s, in no order).
* Did not help: GEOS's own reader of GeoJSON (0.63 s for 595 maps, shapely's `shape` 0.69 s) beside a strict reading of
  the JSON, which is needed anyway.
* Helped: laying out every vintage by an as-of join of the changes. A running sum over all days of all vintages took
  thirty times as long on ten times the war, with the same rows.
* Did not help: the same as a join on a range of dates. It did not end within ten minutes.
* Helped: adding the steps between vintages up before they are joined to the fits that read the pace of confirmation,
  and joining a week to the bands of age it passes through rather than to all. The rows are the same.
"""


@dataclass(frozen=True)
class Line:
    """One measurement with its target; `holds` is None where there is no limit or it is not judged here."""

    what: str
    measured: str
    target: str
    holds: bool | None


@dataclass(frozen=True)
class GrownStep:
    """Seconds of a step of the refresh at three scales."""

    name: str
    today_s: float
    longer_s: float
    more_often_s: float


@dataclass(frozen=True)
class Size:
    """How large something published is, in words."""

    what: str
    size: str


@dataclass(frozen=True)
class Measured:
    """Everything on the page."""

    runs: int
    machine: str
    versions: str
    lines: list[Line]
    spent: dict[str, float]
    profile: dict[str, float]
    grown: list[GrownStep]
    queries: list[Timed]
    sizes: list[Size]


def render(measured: Measured) -> str:
    """The page in Markdown."""
    whole = sum(measured.spent.values())
    shown = [step for step in measured.grown if max(step.longer_s, step.more_often_s) >= _SHOWN_S]
    return "\n".join(
        [
            "# Speed and growth, measured",
            "",
            "Written by `make bench` (about a quarter of an hour; loopback only). Every figure is measured: the",
            f"median of {measured.runs} runs, of memory the highest. What is compared runs in turns, and the ratio is",
            "the median of the ratios within a turn, so that a machine that slows down slows both. Memory is the sum",
            "of the resident sizes of the whole process tree, ten times a second; shared pages count twice: an upper",
            "bound.",
            "",
            f"{datetime.now(UTC):%Y-%m-%d}; {measured.machine}; {measured.versions}.",
            "",
            *_table(["what", "measured", "target", "holds"], [_cells(line) for line in measured.lines]),
            "",
            "A refresh is set up and has run before: dbt's parsing cache is warm, the observations are those of the",
            "shipped figures. The bare build is dbt's own command, asked for the same seeds, models and tests of the",
            "same data.",
            "",
            "## Where a refresh spends its time",
            "",
            *_table(
                ["phase", "seconds", "share"],
                [(name, f"{s:.2f}", f"{s / whole:.0%}") for name, s in measured.spent.items() if s],
            ),
            "",
            "The same by package, under Python's profiler (one run, which takes longer so): seconds spent in the code",
            "of each; what is built in counts where it is called. dbt and what paints PNGs run as processes of their",
            "own.",
            "",
            *_table(["package", "seconds", "share"], _profiled(measured.profile)),
            "",
            "## How the steps grow",
            "",
            "Longer: the war ten times over, end to end: ten times the days and the vintages, and a hundred times the",
            "recruitment rows. More often: ten times the vintages in the same days. All made up of the shipped figures",
            "by `tests/benchmarks/growth.py`; nothing of it is shipped. Steps of at least half a second, seconds:",
            "",
            *_table(
                ["step", "today", "longer", "more often"],
                [(s.name, f"{s.today_s:.2f}", f"{s.longer_s:.2f}", f"{s.more_often_s:.2f}") for s in shown],
            ),
            "",
            "## Documented queries",
            "",
            "Warm: on a connection that answered it before. Cold: opening the file and asking, its pages dropped from",
            "the system's cache first; DuckDB itself is loaded. Milliseconds, by page and place on it:",
            "",
            *_table(
                ["query", "warm", "cold"], [(q.name, f"{q.warm_ms:.1f}", f"{q.cold_ms:.1f}") for q in measured.queries]
            ),
            "",
            "## Size",
            "",
            *_table(["what", "size"], [(size.what, size.size) for size in measured.sizes]),
            "",
            "## What was tried",
            "",
            TRIED,
        ]
    )


def _profiled(profile: dict[str, float]) -> list[tuple[str, str, str]]:
    whole = sum(profile.values())
    named = {package: s for package, s in profile.items() if s >= _PROFILED_S}
    rest = {f"{len(profile) - len(named)} others": whole - sum(named.values())}
    return [(package, f"{s:.2f}", f"{s / whole:.0%}") for package, s in {**named, **rest}.items()]


def _cells(line: Line) -> tuple[str, str, str, str]:
    return line.what, line.measured, line.target, {True: "yes", False: "**no**", None: "–"}[line.holds]


def _table(headers: list[str], rows: list[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (headers, ["---"] * len(headers), *rows)]
