"""A `war-losses ui` that a test or trial starts, asks as its pages do, and ends."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.conftest import WAR_LOSSES

# Seconds alone on two cores: 6 warm, 10 on an empty data directory; CI machines are shared.
START_TIMEOUT_S = 120
END_TIMEOUT_S = 60
REQUEST_TIMEOUT_S = 30

LAUNCH = """
    mutation {launchRun(executionParams: {mode: "default", runConfigData: {}, selector: {
        repositoryName: "__repository__", repositoryLocationName: "orchestration.definitions", jobName: "rebuild"
    }}) {... on LaunchRunSuccess {run {runId}} ... on PythonError {message}}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(met: Callable[[], bool], timeout: float) -> bool:
    until = time.monotonic() + timeout
    while not met():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


@dataclass(frozen=True)
class Ui:
    """A running `war-losses ui`."""

    process: subprocess.Popen
    port: int
    data_dir: Path
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def query(self, query: str, **headers: str) -> dict:
        """Ask as the UI's own pages do."""
        answer = httpx.post(
            f"{self.url}/graphql",
            json={"query": query},
            headers={"Origin": self.url, "Sec-Fetch-Site": "same-origin", **headers},
            timeout=REQUEST_TIMEOUT_S,
        )
        answer.raise_for_status()
        return answer.json()["data"]

    def launch(self) -> str:
        """Launch the job `rebuild` as its launchpad does: it waits in the queue for the daemon. Returns its id."""
        return self.query(LAUNCH)["launchRun"]["run"]["runId"]

    def run_status(self, run_id: str) -> str:
        return self.query('{runOrError(runId: "%s") {... on Run {status}}}' % run_id)["runOrError"]["status"]  # noqa: UP031

    def schedule(self) -> dict:
        """Id and status of the nightly schedule."""
        (repository,) = self.query(
            "{repositoriesOrError {... on RepositoryConnection {nodes {schedules {name scheduleState {id status}}}}}}"
        )["repositoriesOrError"]["nodes"]
        (schedule,) = [s for s in repository["schedules"] if s["name"] == "nightly"]
        return schedule["scheduleState"]

    def daemons(self) -> set[int]:
        """Process ids of daemons that this UI started."""
        return {
            int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and self._is_own_daemon(entry)
        }

    def _is_own_daemon(self, entry: Path) -> bool:
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            return False
        return b"orchestration.ui.daemon" in command and f"WAR_LOSSES_DATA_DIR={self.data_dir}".encode() in environment


@contextmanager
def started_ui(data_dir: Path, *arguments: str, **environment: str) -> Iterator[Ui]:
    """Start the UI on a free port and end it afterwards, however the test went."""
    port = free_port()
    log = data_dir / f"ui-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [WAR_LOSSES, "ui", "--port", str(port), *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "WAR_LOSSES_DATA_DIR": str(data_dir), **environment},
        )
    ui = Ui(process, port, data_dir, log)
    try:

        def serves() -> bool:
            assert process.poll() is None, log.read_text()
            return "ready in" in log.read_text()

        assert wait_for(serves, START_TIMEOUT_S), log.read_text()
        yield ui
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def kill_everything(data_dir: Path) -> None:
    """SIGKILL to every process of the installation, in no order, as if the power went."""
    mark = f"WAR_LOSSES_DATA_DIR={data_dir}".encode()
    for _ in range(3):  # some may be starting others
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    os.kill(int(entry.name), signal.SIGKILL)
        time.sleep(0.2)
