"""Trials of a whole refresh against a misbehaving upstream, kills, and readers. Used by the tests (a few) and by
report.py (all)."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb

from orchestration.release.comparison import OF_THE_RUN, compare_releases
from orchestration.release.record import verify_release
from orchestration.runs.stale_runs import GRACE_S
from orchestration.sources import SOURCES
from tests.conftest import WAR_LOSSES
from tests.reliability.faulty_github import FaultyGitHub
from tests.running_ui import START_TIMEOUT_S, kill_everything, started_ui, wait_for

REFRESH_TIMEOUT_S = 300
# A silent server counts as hanging after this time where one is tried, in seconds: short, to keep the trials short.
HANGING_AFTER_S = "1"
_SILENT = {"hang", "slow"}
_READER = Path(__file__).with_name("reader.py")


@dataclass
class Installation:
    """A data directory and the upstream it asks."""

    data_dir: Path
    github: FaultyGitHub
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.environment = {
            **os.environ,
            "WAR_LOSSES_DATA_DIR": str(self.data_dir),
            **self.upstream,
        }

    @property
    def upstream(self) -> dict[str, str]:
        """Settings that name the upstream."""
        return {"WAR_LOSSES_GITHUB_API": self.github.url, "WAR_LOSSES_GITHUB_RAW": self.github.url}

    @property
    def published(self) -> Path:
        return self.data_dir / "published" / "war_losses.duckdb"

    def refresh(self, **environment: str) -> subprocess.CompletedProcess:
        """`war-losses refresh --pull`, to its end."""
        return subprocess.run(
            [WAR_LOSSES, "refresh", "--pull"],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=REFRESH_TIMEOUT_S,
            check=False,
        )

    def start_refresh(self) -> subprocess.Popen:
        """The same in a process group of its own, to be killed."""
        return subprocess.Popen(
            [WAR_LOSSES, "refresh", "--pull"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ask(self, sql: str) -> list[tuple]:
        """Rows of the published file."""
        with duckdb.connect(str(self.published), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def copy_to(self, data_dir: Path) -> "Installation":
        """The same installation elsewhere."""
        shutil.copytree(self.data_dir, data_dir, symlinks=True, ignore=shutil.ignore_patterns("*.lock", ".run_locks"))
        return Installation(data_dir, self.github)


@dataclass(frozen=True)
class FaultOutcome:
    """What one refresh did while one source's files were served with one fault."""

    kind: str
    source: str
    exit_code: int
    seconds: float
    published: bool
    last_observation_before: str
    last_observation: str
    others_advanced: bool
    red_checks: list[str]

    @property
    def kept_last_good(self) -> bool:
        """The faulty source's figures are those of the night before."""
        return self.last_observation == self.last_observation_before


def raw_files_of(source: str) -> str:
    """A pattern of the raw files of a source, as the server sees their paths."""
    pattern = SOURCES[source].path_pattern.pattern.removeprefix("^")
    return rf"^/{SOURCES[source].repository}/{SOURCES[source].branch}/{pattern}"


def observations_by_source(installation: Installation) -> dict[str, str]:
    """Newest observation of each source, as analysts see it."""
    return {source: str(day) for source, day in installation.ask("select source, last_observation from source_status")}


def fault_trial(installation: Installation, kind: str, source: str) -> FaultOutcome:
    """Refresh once while every file of a source is served with a fault; the installation knows the night before."""
    before = observations_by_source(installation)
    published_before = installation.published.read_bytes()
    installation.github.faults = {raw_files_of(source): kind}
    started = time.monotonic()
    result = installation.refresh(**({"WAR_LOSSES_PULL_TIMEOUT_S": HANGING_AFTER_S} if kind in _SILENT else {}))
    seconds = time.monotonic() - started
    installation.github.faults = {}
    after = observations_by_source(installation)
    daily = {"confirmed_deaths", "claimed_losses", "occupied_area"}
    red = installation.ask(
        f"select check_name from quality_checks where not passed and asset in ('raw/{source}', 'observations/{source}')"
        " and check_name in ('pulled', 'parsed')"
    )
    return FaultOutcome(
        kind,
        source,
        result.returncode,
        seconds,
        installation.published.read_bytes() != published_before,
        before[source],
        after[source],
        all(after[other] > before[other] for other in daily - {source}),
        [name for (name,) in red],
    )


@dataclass(frozen=True)
class KillOutcome:
    """What a kill -9 left behind."""

    victim: str
    after_s: float
    release_whole: bool
    release_is: str
    next_exit_code: int
    next_published: bool
    runs_left_started: int


def kill_trial(installation: Installation, victim: str, after_s: float) -> KillOutcome:
    """Kill one of VICTIMS some time into a refresh, look at what is published, and refresh again."""
    before = installation.published.read_bytes()
    with VICTIMS[victim].killed(installation, after_s):
        left = installation.published.read_bytes()
        whole = _is_whole(installation.published)
    left_later = installation.published.read_bytes()
    again = installation.refresh()
    published_again = installation.published.read_bytes() != left_later
    if runs_in_progress(installation):
        # A run of the UI counts as dead some time after its last word; what comes after that frees its slot.
        time.sleep(GRACE_S)
        installation.refresh()
    return KillOutcome(
        victim,
        after_s,
        whole,
        "old" if left == before else "new",
        again.returncode,
        published_again,
        runs_in_progress(installation),
    )


@contextmanager
def _command_killed(installation: Installation, after_s: float, *, group: bool) -> Iterator[None]:
    """The process of the command alone, or all that it started with it."""
    process = installation.start_refresh()
    time.sleep(after_s)
    _kill(process.pid, group=group)
    process.wait(timeout=REFRESH_TIMEOUT_S)
    yield


@contextmanager
def _dbt_killed(installation: Installation, after_s: float) -> Iterator[None]:
    process = installation.start_refresh()
    _kill_dbt(process, after_s)
    process.wait(timeout=REFRESH_TIMEOUT_S)
    yield


@contextmanager
def _daemon_killed(installation: Installation, after_s: float) -> Iterator[None]:
    """The daemon alone, while a run that the UI launched waits or works: it has to end well without a hand."""
    with started_ui(installation.data_dir, **installation.upstream) as ui:
        assert wait_for(lambda: len(ui.daemons()) == 1, START_TIMEOUT_S)
        run = ui.launch()
        time.sleep(after_s)
        for daemon in ui.daemons():
            _kill(daemon, group=False)
        yield
        assert wait_for(lambda: ui.run_status(run) in {"SUCCESS", "FAILURE"}, REFRESH_TIMEOUT_S)
        assert ui.run_status(run) == "SUCCESS"


@contextmanager
def _power_cut(installation: Installation, after_s: float) -> Iterator[None]:
    """Everything at once: UI, code server, daemon, the run and its dbt."""
    with started_ui(installation.data_dir, **installation.upstream) as ui:
        ui.launch()
        time.sleep(after_s)
        kill_everything(installation.data_dir)
        ui.process.wait(timeout=REFRESH_TIMEOUT_S)
    yield


@dataclass(frozen=True)
class Victim:
    """What is killed (a context in which it has been), and within how many seconds."""

    killed: Callable[[Installation, float], AbstractContextManager[None]]
    within_s: float


# A refresh takes about a quarter of a minute, its dbt half of that; a run launched in the UI first waits to be
# taken from the queue.
VICTIMS = {
    "refresh": Victim(partial(_command_killed, group=False), 22),
    "dbt": Victim(_dbt_killed, 8),
    "tree": Victim(partial(_command_killed, group=True), 22),
    "daemon": Victim(_daemon_killed, 22),
    "power": Victim(_power_cut, 26),
}


def _kill(pid: int, *, group: bool) -> None:
    # A random moment can fall after the run's end: then it has ended by itself.
    with suppress(ProcessLookupError):
        (os.killpg if group else os.kill)(pid, signal.SIGKILL)


def _kill_dbt(process: subprocess.Popen, after_s: float) -> None:
    """Wait for the dbt child to appear, let it work for a time, kill it alone."""
    deadline = time.monotonic() + REFRESH_TIMEOUT_S
    while process.poll() is None and time.monotonic() < deadline:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for child in children:
            command = Path(f"/proc/{child}/cmdline").read_bytes()
            # Asked for its version first, it is there for a moment only: the one that builds is meant.
            if b"war-losses-dbt" in command and b"build" in command:
                time.sleep(after_s)
                _kill(int(child), group=False)
                return
        time.sleep(0.02)


def _is_whole(published: Path) -> bool:
    try:
        verify_release(published.parent)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is not whole
        return False
    return True


def runs_in_progress(installation: Installation) -> int:
    """Runs that Dagster counts as working although everything has ended."""
    code = (
        "import dagster as dg\n"
        "with dg.DagsterInstance.get() as instance:\n"
        "    s = dg.DagsterRunStatus\n"
        "    print(len(instance.get_runs(dg.RunsFilter(statuses=[s.STARTED, s.STARTING, s.CANCELING]))))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={**installation.environment, "DAGSTER_HOME": str(installation.data_dir / "dagster")},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return int(said.stdout)


@dataclass(frozen=True)
class ReadersOutcome:
    """What readers saw while releases were swapped in under them."""

    readers: int
    refreshes: int
    reads: int
    releases_seen: int
    torn: int
    errors: list[str]
    refresh_exit_codes: list[int]


def readers_trial(installation: Installation, readers: int, nights: list) -> ReadersOutcome:
    """Let processes read all tables over and over during refreshes; each night is a call that moves upstream on."""
    stop = installation.data_dir / "stop-reading"
    stop.unlink(missing_ok=True)
    processes = [
        subprocess.Popen(
            [sys.executable, str(_READER), str(installation.published), str(stop)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(readers)
    ]
    exit_codes = []
    try:
        for move_on in nights:
            move_on()
            exit_codes.append(installation.refresh().returncode)
    finally:
        stop.touch()
    seen = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    return ReadersOutcome(
        readers,
        len(nights),
        sum(reader["reads"] for reader in seen),
        len({release for reader in seen for release in reader["releases"]}),
        sum(reader["torn"] for reader in seen),
        [error for reader in seen for error in reader["errors"]],
        exit_codes,
    )


def moments(count: int, longest_s: float, seed: int) -> list[float]:
    """Random moments of a refresh, the same ones for the same seed."""
    chance = random.Random(seed)
    return [round(chance.uniform(0.2, longest_s), 2) for _ in range(count)]


# What a release says of its pulls rather than of the losses, besides times.
_OF_THE_PULLS = {"source_status.upstream_ref", "quality_checks.measured"}


def differing_tables(one: Installation, other: Installation) -> list[str]:
    """Published tables that differ between two installations, what is of the run and of its pulls aside."""
    comparison = compare_releases(one.published, other.published, OF_THE_RUN | _OF_THE_PULLS)
    return [
        *comparison.tables_only_before,
        *comparison.tables_only_after,
        *(difference.table for difference in comparison.tables),
    ]
