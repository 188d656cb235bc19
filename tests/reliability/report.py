"""Run the trials on loopback and write docs/reliability.md (make reliability).

All of them take over half an hour. `python -m tests.reliability.report nights` runs one part and replaces its section
of the page; each section says when it was run, and of which commit.
"""

import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from orchestration.sources import SOURCES
from tests.reliability import trials
from tests.reliability.faulty_github import FAULTS, serve
from tests.reliability.made_up_upstream import write_night
from tests.reliability.trials import VICTIMS, FaultOutcome, Installation, KillOutcome

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
KILLS = 50
READERS, REFRESHES = 20, 20
NIGHTS = 10
# Trials run side by side, each in a data directory and against a server of its own.
AT_ONCE = 2
TITLE = """# Reliability, tried

What a refresh does when upstream misbehaves, when it is killed, and while people read. Written by
`make reliability` (over half an hour, loopback only, made-up upstream files); the test suite tries a power cut too.
"""


class Workshop:
    """An installation after its first night, and the night after it: what most trials start from, each on a copy."""

    def __init__(self, work: Path):
        self.work = work
        self._upstream = work / "upstream"

    def open(self) -> None:
        """Refresh once, then let upstream move on by a night."""
        write_night(self._upstream, 0)
        with serve(self._upstream) as github:
            if Installation(self.work / "base", github).refresh().returncode:
                sys.exit("the first refresh failed: nothing can be tried")
        write_night(self._upstream, 1)

    def apart(self, name: str, trial: Callable):
        """Run a trial on a copy of the installation, against a copy of upstream."""
        root = self.work / f"{name}-upstream"
        shutil.copytree(self._upstream, root)
        with serve(root) as github:
            outcome = trial(Installation(self.work / "base", github).copy_to(self.work / name))
        shutil.rmtree(self.work / name)
        shutil.rmtree(root)
        sys.stderr.write(f"{outcome}\n")
        return outcome


def main() -> None:
    """Run the parts that are named, or all of them, and write their sections of the page."""
    unknown = set(sys.argv[1:]) - PARTS.keys()
    if unknown:
        sys.exit(f"there is no part {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory(prefix="war-losses-reliability-") as folder:
        workshop = Workshop(Path(folder))
        workshop.open()
        sections = {part: PARTS[part](workshop) for part in sys.argv[1:] or PARTS}
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8") if PAGE.exists() else "", sections), encoding="utf-8")


def page(written: str, sections: dict[str, Sequence[str]]) -> str:
    """The page with new sections in place of those of the same parts; the others stay as they were written.

    Args:
        written: the page as it is, empty if there is none.
        sections: lines by part; the first is the heading.
    """
    kept = {
        match["part"]: match[0].strip()
        for match in re.finditer(r"<!-- (?P<part>\w+) -->\n## .*?(?=\n<!-- |\Z)", written, re.DOTALL)
    }
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    ran = (
        f"Run on {datetime.now(UTC):%Y-%m-%d}, commit {commit.stdout.strip()}, Python {platform.python_version()}, "
        f"{platform.system()}."
    )
    new = {
        part: "\n".join([f"<!-- {part} -->", heading, "", ran, "", *lines])
        for part, (heading, *lines) in sections.items()
    }
    found = kept | new
    return "\n\n".join([TITLE.strip(), *(found[part] for part in PARTS if part in found)]) + "\n"


def _faults(workshop: Workshop) -> list[str]:
    def trial(kind_and_source: tuple[str, str]) -> FaultOutcome:
        kind, source = kind_and_source
        return workshop.apart(f"fault-{kind}-{source}", lambda i: trials.fault_trial(i, kind, source))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(trial, [(kind, source) for kind in FAULTS for source in SOURCES]))
    return [
        "## Faults upstream",
        "Every file of one source is served with one fault, the night after a good pull; the other sources have news.",
        "Last good: the source's figures are those of the night before. Others: all other daily sources moved on.",
        f"Seconds are those of the whole refresh, {AT_ONCE} at a time.",
        "",
        "| fault | source | exit | published | last good kept | others moved on | red checks | seconds |",
        "|---|---|---|---|---|---|---|---|",
        *(
            f"| {o.kind} | {o.source} | {o.exit_code} | {_yes(o.published)} | {_yes(o.kept_last_good)} | "
            f"{_yes(o.others_advanced)} | {', '.join(o.red_checks) or 'none'} | {o.seconds:.0f} |"
            for o in outcomes
        ),
        "",
        "What an analyst sees: `source_status.last_observation`, and the red check in `quality_checks` of the release.",
    ]


def _kills(workshop: Workshop) -> list[str]:
    def trial(number: int) -> KillOutcome:
        victim = list(VICTIMS)[number % len(VICTIMS)]
        (after_s,) = trials.moments(1, VICTIMS[victim].within_s, seed=number)
        return workshop.apart(f"kill-{number}", lambda i: trials.kill_trial(i, victim, after_s))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(trial, range(KILLS)))
    lines = [
        f"## {len(outcomes)} kills (kill -9)",
        "At random moments: of a refresh on the command line, of its dbt, of its whole process tree; of the daemon",
        "beside a run launched in the UI, which then has to end well by itself; of everything at once while such a run",
        "waits or works (power). Then one refresh more, without any clean-up; a dead run of the UI is found a minute",
        "after its last word.",
        "",
        "| victim | kills | release whole | old left | new left | next refresh published | runs left as started |",
        "|---|---|---|---|---|---|---|",
    ]
    for victim in VICTIMS:
        these = [o for o in outcomes if o.victim == victim]
        lines.append(
            f"| {victim} | {len(these)} | {sum(o.release_whole for o in these)} | "
            f"{sum(o.release_is == 'old' for o in these)} | {sum(o.release_is == 'new' for o in these)} | "
            f"{sum(o.next_exit_code == 0 and o.next_published for o in these)} | "
            f"{sum(o.runs_left_started for o in these)} |"
        )
    return lines


def _readers(workshop: Workshop) -> list[str]:
    outcome = workshop.apart(
        "readers",
        lambda i: trials.readers_trial(
            i, READERS, [lambda n=n: write_night(i.github.root, n) for n in range(2, 2 + REFRESHES)]
        ),
    )
    return [
        "## Readers",
        f"{outcome.readers} processes read all tables over and over during {outcome.refreshes} refreshes that each "
        f"published a new vintage: {outcome.reads:,} reads saw {outcome.releases_seen} releases, {outcome.torn} of "
        f"them a mixture of two, {len(outcome.errors)} with an error; "
        f"{sum(code == 0 for code in outcome.refresh_exit_codes)} of {outcome.refreshes} refreshes published.",
    ]


def _nights(workshop: Workshop) -> list[str]:
    """Ten nights one after another, and one pull of everything: the same marts, row for row."""
    root = workshop.work / "nights-upstream"
    write_night(root, 0)
    with serve(root) as github:
        nightly = Installation(workshop.work / "nightly", github)
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
        at_once = Installation(workshop.work / "at-once", github)
        at_once.refresh()
        differing = trials.differing_tables(nightly, at_once)
    return [
        "## Nights",
        f"{NIGHTS} nights, each with one new vintage, one map and two changed claim files, the first with three "
        f"revised exports besides: requests a night {', '.join(map(str, requests))} (one listing a repository and the "
        f"night's files); a night without news: {quiet}. Tables that differ from one pull of everything: "
        f"{', '.join(differing) or 'none'}.",
    ]


def _yes(value: bool) -> str:
    return "yes" if value else "no"


PARTS: dict[str, Callable[[Workshop], list[str]]] = {
    "faults": _faults,
    "kills": _kills,
    "readers": _readers,
    "nights": _nights,
}

if __name__ == "__main__":
    main()
