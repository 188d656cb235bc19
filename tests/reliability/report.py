"""Run all trials on loopback and write docs/reliability.md (make reliability). Takes over half an hour."""

import platform
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from orchestration.sources.catalog import SOURCES
from tests.reliability import trials
from tests.reliability.faulty_github import FAULTS, serve
from tests.reliability.made_up_upstream import write_night
from tests.reliability.trials import VICTIMS, FaultOutcome, Installation, KillOutcome, ReadersOutcome

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
KILLS = 50
READERS, REFRESHES = 20, 20
NIGHTS = 10
# Trials run side by side, each in a data directory and against a server of its own.
AT_ONCE = 2


def main() -> None:
    """Run everything, then write the page."""
    with tempfile.TemporaryDirectory(prefix="war-losses-reliability-") as folder:
        work = Path(folder)
        upstream = work / "upstream"
        write_night(upstream, 0)
        with serve(upstream) as github:
            base = Installation(work / "base", github)
            if base.refresh().returncode:
                sys.exit("the first refresh failed: nothing can be tried")
        write_night(upstream, 1)

        def faults(kind_and_source: tuple[str, str]) -> FaultOutcome:
            kind, source = kind_and_source
            return _apart(work, upstream, f"fault-{kind}-{source}", lambda i: trials.fault_trial(i, kind, source))

        def kills(number: int) -> KillOutcome:
            victim = list(VICTIMS)[number % len(VICTIMS)]
            (after_s,) = trials.moments(1, VICTIMS[victim].within_s, seed=number)
            return _apart(work, upstream, f"kill-{number}", lambda i: trials.kill_trial(i, victim, after_s))

        with ThreadPoolExecutor(AT_ONCE) as pool:
            fault_outcomes = list(pool.map(faults, [(kind, source) for kind in FAULTS for source in SOURCES]))
            kill_outcomes = list(pool.map(kills, range(KILLS)))
        readers = _apart(
            work,
            upstream,
            "readers",
            lambda i: trials.readers_trial(
                i, READERS, [lambda n=n: write_night(i.github.root, n) for n in range(2, 2 + REFRESHES)]
            ),
        )
        nights = _nights(work)
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(_page(fault_outcomes, kill_outcomes, readers, nights), encoding="utf-8")


def _apart(work: Path, upstream: Path, name: str, trial):
    """Run a trial on a copy of the installation, against a copy of upstream."""
    root = work / f"{name}-upstream"
    shutil.copytree(upstream, root)
    with serve(root) as github:
        installation = Installation(work / "base", github).copy_to(work / name)
        outcome = trial(installation)
    shutil.rmtree(work / name)
    shutil.rmtree(root)
    sys.stderr.write(f"{outcome}\n")
    return outcome


def _nights(work: Path) -> dict[str, object]:
    """Ten nights one after another, and one pull of everything: the same marts, row for row."""
    root = work / "nights-upstream"
    write_night(root, 0)
    with serve(root) as github:
        nightly = Installation(work / "nightly", github)
        nightly.refresh()
        requests = []
        for night in range(1, NIGHTS + 1):
            write_night(root, night)
            github.requests.clear()
            nightly.refresh()
            requests.append(len(github.requests))
        github.requests.clear()
        nightly.refresh()
        quiet = len(github.requests)
        at_once = Installation(work / "at-once", github)
        at_once.refresh()
        return {"requests": requests, "quiet": quiet, "differing": trials.differing_tables(nightly, at_once)}


def _page(
    faults: list[FaultOutcome], kills: list[KillOutcome], readers: ReadersOutcome, nights: dict[str, object]
) -> str:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    lines = [
        "# Reliability, tried",
        "",
        "What a refresh does when upstream misbehaves, when it is killed, and while people read. Written by",
        "`make reliability` (over half an hour, loopback only, made-up upstream files); the test suite runs a few.",
        "",
        f"Last run: {datetime.now(UTC):%Y-%m-%d}, commit {commit.stdout.strip()}, Python {platform.python_version()}, "
        f"{platform.system()}.",
        "",
        "## Faults upstream",
        "",
        "Every file of one source is served with one fault, the night after a good pull; the other sources have news.",
        "Last good: the source's figures are those of the night before. Others: all other daily sources moved on.",
        "",
        "| fault | source | exit | published | last good kept | others moved on | red checks | seconds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {o.kind} | {o.source} | {o.exit_code} | {_yes(o.published)} | {_yes(o.kept_last_good)} | "
        f"{_yes(o.others_advanced)} | {', '.join(o.red_checks) or 'none'} | {o.seconds:.0f} |"
        for o in faults
    ]
    lines += [
        "",
        "What an analyst sees: `source_status.last_observation`, and the red check in `quality_checks` of the release.",
        "",
        f"## {len(kills)} kills (kill -9)",
        "",
        "At random moments: of a refresh on the command line, of its dbt, of its whole process tree; of the daemon",
        "beside a run launched in the UI, which then has to end well by itself; of everything at once while such a run",
        "waits or works (power). Then one refresh more, without any clean-up; a dead run of the UI is found a minute",
        "after its last word.",
        "",
        "| victim | kills | release whole | old left | new left | next refresh published | runs left as started |",
        "|---|---|---|---|---|---|---|",
    ]
    for victim in VICTIMS:
        these = [o for o in kills if o.victim == victim]
        lines.append(
            f"| {victim} | {len(these)} | {sum(o.release_whole for o in these)} | "
            f"{sum(o.release_is == 'old' for o in these)} | {sum(o.release_is == 'new' for o in these)} | "
            f"{sum(o.next_exit_code == 0 and o.next_published for o in these)} | "
            f"{sum(o.runs_left_started for o in these)} |"
        )
    lines += [
        "",
        "## Readers",
        "",
        f"{readers.readers} processes read all tables over and over during {readers.refreshes} refreshes that each "
        f"published a new vintage: {readers.reads:,} reads saw {readers.releases_seen} releases, {readers.torn} of "
        f"them a mixture of two, {len(readers.errors)} with an error; "
        f"{sum(code == 0 for code in readers.refresh_exit_codes)} of {readers.refreshes} refreshes published.",
        "",
        "## Nights",
        "",
        f"{NIGHTS} nights, each with one new vintage, one map and two changed claim files, the first with three "
        "revised exports besides: requests a night "
        f"{', '.join(map(str, nights['requests']))} (one listing a repository and the night's files); a night without "
        f"news: {nights['quiet']}. Tables that differ from one pull of everything: "
        f"{', '.join(nights['differing']) or 'none'}.",
        "",
    ]
    return "\n".join(lines)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


if __name__ == "__main__":
    main()
