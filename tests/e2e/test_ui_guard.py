"""The UI as it is started, and the attack on it: a page in the operator's browser that sends mutations to localhost.

Dagster by itself executes them; the guard in front must not let them in, and must leave the UI as useful as it was.
"""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import httpx
import pytest
import websockets.exceptions
import websockets.sync.client as websocket_client
from starlette.types import ASGIApp

from orchestration.ui.guard import Guard
from orchestration.ui.server import dagster_app
from tests.conftest import WAR_LOSSES, give_manifest
from tests.running_ui import END_TIMEOUT_S, REQUEST_TIMEOUT_S, START_TIMEOUT_S, Ui, free_port, started_ui, wait_for

DELETE_RUN = "mutation Attack($run: String!) { deleteRun(runId: $run) { __typename } }"
DRY_RUN = """
    mutation {
      sensorDryRun(selectorData: {
        repositoryName: "__repository__", repositoryLocationName: "orchestration.definitions", sensorName: "any"
      }) { __typename }
    }
"""
EVIL = "http://evil.example"


# --- Dagster's app by itself, and behind the guard ------------------------------------------------------------------


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    (tmp_path / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        yield instance


@pytest.fixture
def app(instance: dg.DagsterInstance, tmp_path: Path) -> Iterator[ASGIApp]:
    workspace = tmp_path / "workspace.yaml"
    workspace.write_text("load_from: []\n")
    with dagster_app(instance, workspace) as app:
        yield app


@pytest.fixture
def run_id(instance: dg.DagsterInstance) -> str:
    @dg.op
    def nothing() -> None: ...

    @dg.job
    def victim() -> None:
        nothing()

    return victim.execute_in_process(instance=instance).run_id


def send(app: ASGIApp, request: httpx.Request) -> httpx.Response:
    async def run() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            return await client.send(request)

    return asyncio.run(run())


def attacks(run_id: str, base: str = "http://127.0.0.1:3000") -> dict[str, httpx.Request]:
    """What a foreign page can have a browser send without being asked for permission (no CORS preflight)."""
    url = f"{base}/graphql"
    parameters = {"query": DELETE_RUN, "variables": json.dumps({"run": run_id})}
    body = json.dumps({"query": DELETE_RUN, "variables": {"run": run_id}})
    foreign = {"Origin": EVIL, "Sec-Fetch-Site": "cross-site"}
    return {
        "an image: GET without an origin": httpx.Request("GET", url, params=parameters),
        "fetch by GET": httpx.Request("GET", url, params=parameters, headers=foreign),
        "a form": httpx.Request("POST", url, params=parameters, data={"a": "b"}, headers=foreign),
        "a form without an origin": httpx.Request("POST", url, params=parameters, data={"a": "b"}),
        "JSON under a simple type": httpx.Request(
            "POST", url, content=body, headers={**foreign, "Content-Type": "text/plain; application/json"}
        ),
        "the same without an origin": httpx.Request(
            "POST", url, content=body, headers={"Content-Type": "text/plain; application/json"}
        ),
        "DNS rebinding: our own page, as the browser sees it": httpx.Request(
            "POST",
            url,
            content=body,
            headers={
                "Content-Type": "application/json",
                "Host": "evil.example:3000",
                "Origin": f"{EVIL}:3000",
                "Sec-Fetch-Site": "same-origin",
            },
        ),
    }


@pytest.mark.parametrize("name", attacks(""))
def test_without_the_guard_the_attack_works(instance: dg.DagsterInstance, app: ASGIApp, run_id: str, name: str) -> None:
    """So that the tests below mean something; when one of these fails, Dagster has closed that door itself."""
    assert send(app, attacks(run_id)[name]).status_code == 200
    assert instance.get_run_by_id(run_id) is None


@pytest.mark.parametrize("name", attacks(""))
def test_with_the_guard_it_does_not(instance: dg.DagsterInstance, app: ASGIApp, run_id: str, name: str) -> None:
    answer = send(Guard(app, {"127.0.0.1:3000"}), attacks(run_id)[name])
    assert answer.status_code in {403, 405, 415}
    assert instance.get_run_by_id(run_id) is not None


def test_the_uis_own_mutation_gets_through(instance: dg.DagsterInstance, app: ASGIApp, run_id: str) -> None:
    own = httpx.Request(
        "POST",
        "http://127.0.0.1:3000/graphql",
        json={"query": DELETE_RUN, "variables": {"run": run_id}},
        headers={"Origin": "http://127.0.0.1:3000", "Sec-Fetch-Site": "same-origin"},
    )
    assert send(Guard(app, {"127.0.0.1:3000"}), own).status_code == 200
    assert instance.get_run_by_id(run_id) is None


# --- The UI as `war-losses ui` starts it ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ui")


@pytest.fixture(scope="module")
def ui(data_dir: Path) -> Iterator[Ui]:
    with started_ui(data_dir) as ui:
        yield ui


def test_pages_and_queries_of_the_ui_work(ui: Ui) -> None:
    for path in ("/", "/asset-groups", "/runs", "/server_info"):
        page = httpx.get(ui.url + path, timeout=REQUEST_TIMEOUT_S)
        assert page.status_code == 200
        assert page.headers["x-frame-options"] == "DENY"
    assert ui.query("{version}")["version"]
    assert httpx.get(f"http://localhost:{ui.port}/", timeout=REQUEST_TIMEOUT_S).status_code == 200


def test_the_nightly_schedule_runs_from_the_start(ui: Ui) -> None:
    assert ui.schedule()["status"] == "RUNNING"


def test_it_listens_on_this_machine_only(ui: Ui) -> None:
    listening = [
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and int(line.split()[1].split(":")[1], 16) == ui.port
    ]
    assert listening == [f"0100007F:{ui.port:04X}"]


def test_a_foreign_page_cannot_stop_the_schedule(ui: Ui) -> None:
    before = ui.schedule()
    mutation = 'mutation {stopRunningSchedule(id: "%s") {__typename}}' % before["id"]  # noqa: UP031 - braces
    url = f"{ui.url}/graphql"
    with httpx.Client(timeout=REQUEST_TIMEOUT_S) as client:
        refused = [
            client.get(url, params={"query": mutation}),
            client.get(url, params={"query": mutation}, headers={"Origin": EVIL}),
            client.post(url, params={"query": mutation}, data={"a": "b"}),
            client.post(url, json={"query": mutation}, headers={"Origin": EVIL}),
            client.post(url, json={"query": mutation}, headers={"Sec-Fetch-Site": "same-site"}),
            client.post(url, json={"query": mutation}, headers={"Host": f"evil.example:{ui.port}"}),
            client.options(url, headers={"Origin": EVIL, "Access-Control-Request-Method": "POST"}),
        ]
    assert {answer.status_code for answer in refused} <= {403, 405, 415}
    assert "access-control-allow-origin" not in {name.lower() for answer in refused for name in answer.headers}
    assert ui.schedule() == before

    # The same mutation from the UI's own page does stop it: it was the guard that refused, not a slip of the pen.
    assert "ScheduleStateResult" in json.dumps(ui.query(mutation))
    assert ui.schedule()["status"] == "STOPPED"
    ui.query(
        'mutation {resetSchedule(scheduleSelector: {repositoryName: "__repository__", '
        'repositoryLocationName: "orchestration.definitions", scheduleName: "nightly"}) {__typename}}'
    )
    assert ui.schedule()["status"] == "RUNNING"


def test_live_logs_reach_own_pages_only(ui: Ui) -> None:
    address = f"ws://127.0.0.1:{ui.port}/graphql"

    def connect(**keywords: str) -> websocket_client.ClientConnection:
        return websocket_client.connect(address, subprotocols=["graphql-ws"], open_timeout=30, **keywords)

    with connect(origin=ui.url) as own:
        own.send(json.dumps({"type": "connection_init"}))
        assert json.loads(own.recv(timeout=30)) == {"type": "connection_ack"}
        subscription = "subscription {locationStateChangeEvents {event {message}}}"
        own.send(json.dumps({"type": "start", "id": "1", "payload": {"query": subscription}}))
        ui.query(
            'mutation {reloadRepositoryLocation(repositoryLocationName: "orchestration.definitions") {__typename}}'
        )
        event = json.loads(own.recv(timeout=REQUEST_TIMEOUT_S))
        assert (event["type"], event["id"]) == ("data", "1")
    for foreign in ({"origin": EVIL}, {"origin": "null"}, {"additional_headers": {"Host": "evil.example"}}):
        with pytest.raises((websockets.exceptions.InvalidStatus, websockets.exceptions.InvalidHandshake)):
            connect(**foreign)


def test_a_second_daemon_is_refused_and_a_taken_port_is_said(ui: Ui) -> None:
    def start(port: int) -> subprocess.CompletedProcess:
        return subprocess.run(
            [WAR_LOSSES, "ui", "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=START_TIMEOUT_S,
            check=False,
            env={**os.environ, "WAR_LOSSES_DATA_DIR": str(ui.data_dir), "COLUMNS": "300"},
        )

    second = start(free_port())
    assert second.returncode == 1
    assert "already runs" in second.stderr
    assert "--read-only" in second.stderr
    taken = start(ui.port)
    assert taken.returncode == 1
    assert str(ui.port) in taken.stderr
    assert "--port" in taken.stderr
    assert "Traceback" not in second.stderr + taken.stderr


def test_a_view_for_others_changes_nothing(ui: Ui) -> None:
    with started_ui(ui.data_dir, "--read-only", WAR_LOSSES_UI_HOSTS="losses.example.org") as view:
        # As a reverse proxy passes it on: its own name, over TLS.
        proxied = {"Host": "losses.example.org", "Origin": "https://losses.example.org"}
        assert view.query("{version}", **proxied)["version"]
        schedule = view.schedule()
        for path, body in (
            ("/graphql", {"query": 'mutation {stopRunningSchedule(id: "%s") {__typename}}' % schedule["id"]}),  # noqa: UP031
            # Dagster's own read-only mode evaluates the sensor.
            ("/graphql", {"query": DRY_RUN}),
            ("/report_asset_materialization/release/war_losses", {}),
        ):
            answer = httpx.post(view.url + path, json=body, headers=proxied, timeout=REQUEST_TIMEOUT_S)
            assert answer.status_code == 403, path
        assert view.schedule() == schedule
        assert view.daemons() == ui.daemons()  # none of its own
    # The names of the proxy open nothing that can be changed.
    assert httpx.get(ui.url, headers={"Host": "losses.example.org"}, timeout=REQUEST_TIMEOUT_S).status_code == 403


def test_a_killed_daemon_is_started_anew(ui: Ui) -> None:
    assert wait_for(lambda: len(ui.daemons()) == 1, START_TIMEOUT_S)
    (killed,) = ui.daemons()
    os.kill(killed, signal.SIGKILL)
    assert wait_for(lambda: ui.daemons() - {killed} != set(), START_TIMEOUT_S)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_daemon_ends_with_the_ui(data_dir: Path, ui: Ui, how: signal.Signals, tmp_path: Path) -> None:
    give_manifest(tmp_path)
    with started_ui(tmp_path) as ending:
        assert wait_for(lambda: len(ending.daemons()) == 1, START_TIMEOUT_S)
        ending.process.send_signal(how)
        assert ending.process.wait(END_TIMEOUT_S) == (-how if how == signal.SIGKILL else 0)
        assert wait_for(lambda: ending.daemons() == set(), END_TIMEOUT_S)
        if how != signal.SIGKILL:
            assert "Traceback" not in ending.log.read_text()
