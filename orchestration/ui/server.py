"""Serving the Dagster UI on this machine: the guarded web server here, the code server and the daemon beside it.

What belongs here: starting, watching and ending these processes. What does not: which requests get through (guard.py).
"""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import dagster as dg
from filelock import FileLock, Timeout
from starlette.types import ASGIApp

from orchestration.settings import Settings
from orchestration.ui import daemon
from orchestration.ui.guard import Guard

# Never another address: the UI has no login.
ADDRESS = "127.0.0.1"
CODE = "orchestration.definitions"

# Open live logs keep their connection for ever; a page that is being loaded needs a moment.
_GRACEFUL_SHUTDOWN_S = 3
# A daemon that ended by itself is started anew; the pause keeps one that cannot start from filling the log.
_RESTART_DAEMON_AFTER_S = 10
# How long a statement of the UI may wait for the instance's database: Dagster's own figures for its web server.
_DATABASE_LIMITS = {"statement_timeout": 15_000, "pool_recycle": 3600, "max_overflow": 20}

log = logging.getLogger("war_losses.ui")


class UiError(RuntimeError):
    """The UI cannot be started. The message says why and what to do."""


@dataclass(frozen=True)
class View:
    """What is served: the port, and whether it may only be looked at.

    A view to look at has no daemon of its own: it stands beside the operator's UI, which has it.
    """

    port: int
    read_only: bool = False

    def hosts(self, settings: Settings) -> set[str]:
        """Host names with port that the guard lets through.

        The names of a reverse proxy count for a view to look at only: nobody changes anything under them.
        """
        own = {f"{ADDRESS}:{self.port}", f"localhost:{self.port}"}
        return own | set(settings.ui_hosts) if self.read_only else own


def serve(settings: Settings, view: View, ready: Callable[[], None] = lambda: None) -> None:
    """Serve the UI until SIGINT or SIGTERM; whatever was started is ended before this returns.

    Args:
        settings: the installation; its instance must be prepared.
        view: port and mode.
        ready: called when pages can be asked for.

    Raises:
        UiError: the port is taken, or another UI runs the daemon of this data directory.
    """
    with ExitStack() as stack:
        stack.callback(_restore_signals, _stop_on_signals())
        try:
            listening = stack.enter_context(_listening_socket(view.port))
            if not view.read_only:
                stack.enter_context(_only_daemon(settings))
            _serve(stack, settings, view, listening, ready)
        except KeyboardInterrupt:
            log.info("ending")


def _serve(
    stack: ExitStack, settings: Settings, view: View, listening: socket.socket, ready: Callable[[], None]
) -> None:
    # The code server takes seconds to start, and so do the web server's imports: both at once.
    with ThreadPoolExecutor(1) as pool:
        imported = pool.submit(_import_web_server)
        instance = stack.enter_context(dg.DagsterInstance.get())
        workspace = stack.enter_context(_code_server(instance))
        imported.result()
    if not view.read_only:
        stack.enter_context(_daemon(workspace))
    app = stack.enter_context(dagster_app(instance, workspace, read_only=view.read_only))
    _run(Guard(app, view.hosts(settings), read_only=view.read_only), listening, ready)


@contextmanager
def dagster_app(instance: dg.DagsterInstance, workspace: Path, *, read_only: bool = False) -> Iterator[ASGIApp]:
    """Dagster's own web app, unguarded.

    Args:
        instance: the instance it shows.
        workspace: workspace file that names the code server.
        read_only: whether Dagster refuses all mutations.
    """
    from dagster._core.workspace.context import WorkspaceProcessContext
    from dagster._core.workspace.load_target import WorkspaceFileTarget
    from dagster_webserver.app import create_app_from_workspace_process_context

    instance.optimize_for_webserver(**_DATABASE_LIMITS)
    with WorkspaceProcessContext(
        instance, WorkspaceFileTarget([str(workspace)]), version=dg.__version__, read_only=read_only
    ) as context:
        yield create_app_from_workspace_process_context(context, live_data_poll_rate=2000)


def _import_web_server() -> None:
    import dagster_webserver.app  # noqa: F401
    import uvicorn  # noqa: F401


def _run(app: ASGIApp, listening: socket.socket, ready: Callable[[], None]) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready()

    # Who asks is judged by the guard; headers of a proxy change nothing here.
    config = uvicorn.Config(
        app,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACEFUL_SHUTDOWN_S,
    )
    Server(config).run([listening])


@contextmanager
def _listening_socket(port: int) -> Iterator[socket.socket]:
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((ADDRESS, port))
        except OSError as error:
            raise UiError(
                f"{ADDRESS}:{port} cannot be used ({error.strerror}). If a UI runs there already, open it; otherwise "
                "choose another port: war-losses ui --port 3100"
            ) from None
        yield listening


@contextmanager
def _only_daemon(settings: Settings) -> Iterator[None]:
    """Two daemons on one instance would both launch the nightly run."""
    lock = FileLock(settings.data_dir / ".daemon.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UiError(
            f"A UI with its daemon already runs for {settings.data_dir}. Open that one, or look at the same data "
            "beside it: war-losses ui --read-only --port 3100"
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _code_server(instance: dg.DagsterInstance) -> Iterator[Path]:
    """Start one code server for the UI and the daemon; “Reload definitions” reloads it for both. Yields a workspace."""
    from dagster._cli.proxy_server_manager import ProxyServerManager
    from dagster._core.workspace.load_target import ModuleTarget

    target = ModuleTarget(CODE, attribute=None, working_directory=None, location_name=None)
    with (
        ProxyServerManager(instance, target, code_server_log_level="WARNING") as servers,
        tempfile.TemporaryDirectory(prefix="war-losses-ui-") as folder,
    ):
        workspace = Path(folder) / "workspace.yaml"
        # JSON is YAML.
        workspace.write_text(json.dumps({"load_from": list(servers.get_code_server_specs())}), encoding="utf-8")
        yield workspace


@contextmanager
def _daemon(workspace: Path) -> Iterator[None]:
    """Run the daemon beside the UI, and start it anew if it ends by itself."""
    ending = threading.Event()
    read_end, write_end = os.pipe()
    process = [_start_daemon(read_end, workspace)]

    def watch() -> None:
        while not ending.is_set():
            code = process[0].wait()
            if ending.wait(_RESTART_DAEMON_AFTER_S):
                return
            log.warning("the daemon ended by itself (exit code %s): starting it anew", code)
            process[0] = _start_daemon(read_end, workspace)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        ending.set()
        os.close(write_end)  # tells the daemon to end
        watching.join(daemon.GRACE_S + _RESTART_DAEMON_AFTER_S)
        os.close(read_end)


def _start_daemon(read_end: int, workspace: Path) -> subprocess.Popen[bytes]:
    arguments = ["run", "--workspace", str(workspace), "--log-level", "warning"]
    return subprocess.Popen(  # noqa: S603 - our own interpreter, fixed arguments
        [sys.executable, "-m", "orchestration.ui.daemon", str(read_end), *arguments],
        pass_fds=[read_end],
        # Ctrl-C in the terminal reaches the UI, which ends the daemon in order.
        start_new_session=True,
    )


def _stop_on_signals() -> dict[int, Any]:
    """Let SIGTERM end things in order, as Ctrl-C does. Returns the handlers from before."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    return {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}


def _restore_signals(handlers: dict[int, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
