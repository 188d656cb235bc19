"""The pull against a server on loopback that behaves, and one that does not."""

import json
import logging
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from orchestration.settings import Settings
from orchestration.sources import SOURCES
from orchestration.sources.errors import PullError
from orchestration.sources.intake import github as github_module
from orchestration.sources.intake.archive import Archive, blob_sha
from orchestration.sources.intake.github import GitHub, RetryPolicy, pull

SOURCE = SOURCES["confirmed_deaths"]
TREE = f"/repos/{SOURCE.repository}/git/trees/master"
TOKEN = "secret-token-of-a-test"
PATIENCE = RetryPolicy(connect_s=2, read_s=0.4, answer_s=1.0, attempts=3, backoff_s=0.01, longest_pause_s=0.2)

pytestmark = pytest.mark.timeout(30)


def name(day):
    return f"docs/2024-01-{day:02d}_cumsum.csv"


class Upstream:
    """Files of one repository, faults by path (lists of handlers, used up one a request), and what was asked."""

    def __init__(self):
        self.files = {name(1): b"one", name(2): b"two", "docs/last_data.csv": b"no vintage", "README.md": b"hello"}
        self.faults = {}
        self.requests = []
        self.headers = []
        self.tree = {}
        self.release = threading.Event()

    def listing(self):
        entries = [{"path": p, "type": "blob", "sha": blob_sha(c), "size": len(c)} for p, c in self.files.items()]
        entries.append({"path": "docs", "type": "tree", "sha": "d" * 40})
        return json.dumps({"sha": "a" * 40, "tree": entries, "truncated": False} | self.tree).encode()

    def answer(self, path):
        """Status, headers, body."""
        if self.faults.get(path):
            return self.faults[path].pop(0)
        if path.startswith("/repos/"):
            return 200, {}, self.listing()
        content = self.files.get(path.removeprefix(f"/{SOURCE.repository}/master/"))
        return (404, {}, b"404: Not Found") if content is None else (200, {}, content)


@pytest.fixture
def upstream():
    state = Upstream()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            path = unquote(urlsplit(self.path).path)
            state.requests.append(path)
            state.headers.append((path, dict(self.headers)))
            answer = state.answer(path)
            if answer == "hang":
                state.release.wait(5)
                return
            status, headers, body = answer
            cut, trickle = headers.pop("cut", False), headers.pop("trickle", False)
            self.send_response(status)
            for key, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(key, value)
            self.end_headers()
            if trickle:
                for _ in range(100):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    if state.release.wait(0.1):
                        break
            else:
                self.wfile.write(body[: len(body) // 2] if cut else body)
            if cut or trickle:
                self.close_connection = True

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield state
    state.release.set()
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "raw")


def settings(upstream, **changes):
    values = {"data_dir": Path("unused"), "github_api": upstream.url, "github_raw": upstream.url, "github_token": None}
    return Settings(**values | changes)


def run(upstream, archive, source=SOURCE, on_progress=None, **changes):
    asked = settings(upstream, **changes)
    with GitHub(asked, PATIENCE) as client:
        return pull(source, archive, asked, on_progress, client)


def raw(path):
    return f"/{SOURCE.repository}/master/{path}"


def held(archive):
    return {path for path, _ in archive.holds(SOURCE.name)}


def test_a_first_pull_brings_the_files_of_the_source_and_no_others(upstream, archive):
    progress = []
    result = run(upstream, archive, on_progress=lambda *done: progress.append(done))
    assert (result.new, result.changed, result.unchanged, result.gone) == ([name(1), name(2)], [], 0, [])
    assert (result.bytes_fetched, result.requests, result.upstream_ref) == (6, 3, "a" * 40)
    assert sorted(upstream.requests) == sorted([TREE, raw(name(1)), raw(name(2))])
    assert progress == [(1, 2), (2, 2)]
    assert archive.last_pull(SOURCE.name).upstream_ref == "a" * 40


def test_nothing_new_is_one_request(upstream, archive):
    run(upstream, archive)
    upstream.requests.clear()
    result = run(upstream, archive)
    assert (result.new, result.changed, result.unchanged, result.requests) == ([], [], 2, 1)
    assert upstream.requests == [TREE]


def test_new_changed_and_gone_files_are_told_apart(upstream, archive):
    run(upstream, archive)
    upstream.files[name(2)] = b"two, revised"
    upstream.files[name(3)] = b"three"
    del upstream.files[name(1)]
    result = run(upstream, archive)
    assert (result.new, result.changed, result.unchanged, result.gone) == ([name(3)], [name(2)], 0, [name(1)])
    assert held(archive) == {name(1), name(2), name(3)}
    assert len(archive.holds(SOURCE.name)) == 4


def test_sources_of_one_repository_share_the_listing(upstream, archive):
    probate, branch = SOURCES["probate_estimates"], SOURCES["deaths_by_branch"]
    upstream.files = {
        "scripts/mediazona/source/probate_registry_estimate.csv": b"p",
        "scripts/mediazona/source/confirmed_losses_per_week.csv": b"b",
    }
    upstream.faults = {f"/{probate.repository}/main/{path}": [(200, {}, c)] for path, c in upstream.files.items()}
    with GitHub(settings(upstream), PATIENCE) as client:
        results = [pull(source, archive, settings(upstream), github=client) for source in (probate, branch)]
    assert [result.requests for result in results] == [2, 1]


OK = "the file in the end"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([(404, {}, b"no")], "answered 404"),
        ([(503, {}, b"")] * 2, OK),
        ([(500, {}, b"")] * 3, r"answered 500 \(asked 3 times\)"),
        ([(429, {"Retry-After": "0"}, b"")] * 2, OK),
        ([(429, {"Retry-After": "3600"}, b"")], "answered 429"),
        ([(429, {"Retry-After": "Mon, 01 Jan 2024 00:00:00 GMT"}, b"")], OK),
        ([(200, {"cut": True}, b"one")] * 2, OK),
        ([(200, {"cut": True}, b"one")] * 3, "connection failed"),
        ([(200, {}, b"eno")] * 3, "3 other bytes came, not the file of the listing"),
        ([(200, {}, b"<!DOCTYPE html><html>Sign in</html>")] * 3, r"a web page \(HTML\) came"),
        ([(200, {}, b"")] * 3, "an empty answer came"),
        ([(200, {}, b"eno")], OK),
        (["hang"] * 3, "no answer for 0.4 s"),
        ([(200, {"trickle": True, "Content-Length": "100"}, b"")] * 3, "not complete after 1 s"),
        ([(302, {"Location": "http://127.0.0.1:9/elsewhere"}, b"")], "a redirect, which is not followed"),
        ([(200, {}, b"x" * (SOURCE.max_bytes + 1))], "larger than the limit of 500,000 bytes"),
    ],
)
def test_a_fault_is_waited_out_or_named_and_the_other_file_is_kept(upstream, archive, answers, said):
    asked = len(answers)
    upstream.faults[raw(name(1))] = [a if a == "hang" else (a[0], dict(a[1]), a[2]) for a in answers]
    if said == OK:
        assert run(upstream, archive).new == [name(1), name(2)]
        assert upstream.requests.count(raw(name(1))) == asked + 1
        return
    with pytest.raises(PullError, match=said) as caught:
        run(upstream, archive)
    assert str(caught.value).startswith(f"confirmed_deaths: /{SOURCE.repository}/master: 1 of 2 files came; failed: ")
    assert raw(name(1)) in str(caught.value)
    assert upstream.requests.count(raw(name(1))) == asked
    assert held(archive) == {name(2)}
    assert archive.last_pull(SOURCE.name) is None
    # The fault is over: only what is missing is fetched.
    upstream.requests.clear()
    assert run(upstream, archive).new == [name(1)]
    assert upstream.requests == [TREE, raw(name(1))]


def test_a_pause_the_server_asks_for_is_kept(upstream):
    waited = []

    class Watched(threading.Event):
        def wait(self, timeout=None):
            waited.append(timeout)
            return False

    upstream.faults[raw(name(1))] = [(429, {"Retry-After": "0"}, b""), (503, {}, b""), (429, {"Retry-After": "7"}, b"")]
    with GitHub(settings(upstream), RetryPolicy(backoff_s=0.01, longest_pause_s=7)) as client:
        assert client.fetch(SOURCE, name(1), blob_sha(b"one"), Watched()) == b"one"
    assert waited[0] == 0
    assert 0 < waited[1] < 0.1
    assert waited[2] == 7


def test_an_interrupted_pull_does_not_wait_for_what_is_under_way(upstream, archive):
    def interrupt(*_):
        raise KeyboardInterrupt

    upstream.faults[raw(name(1))] = [(429, {"Retry-After": "20"}, b"")]
    started = time.monotonic()
    with GitHub(settings(upstream), RetryPolicy()) as client, pytest.raises(KeyboardInterrupt):
        pull(SOURCE, archive, settings(upstream), interrupt, client)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((404, {}, b"{}"), "answered 404"),
        ((301, {"Location": "https://example.org/"}, b""), "renamed"),
        ((401, {}, b"{}"), "Renew GITHUB_TOKEN"),
        (
            (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1767225600"}, b"{}"),
            "rate limit is used up until 2026-01-01 00:00 UTC.*GITHUB_TOKEN",
        ),
        ((403, {}, b"{}"), "answered 403"),
        ((200, {}, b"<html></html>"), "web page"),
        ((200, {}, b"[]"), "not a listing"),
        ((200, {}, b'{"sha": "a", "tree": [], "truncated": false}'), "not a listing"),
        ((200, {}, b'{"sha": "%b", "tree": [' % (b"a" * 40)), "not a listing"),
    ],
)
def test_a_useless_listing_is_named(upstream, archive, answer, said):
    upstream.faults[TREE] = [answer] * 3
    with pytest.raises(PullError, match=said) as caught:
        run(upstream, archive)
    assert str(caught.value).startswith(f"confirmed_deaths: {TREE}")
    assert held(archive) == set()


def test_a_truncated_listing_is_refused(upstream, archive):
    upstream.tree = {"truncated": True}
    with pytest.raises(PullError, match="the listing is truncated"):
        run(upstream, archive)
    assert upstream.requests == [TREE]


def test_a_repository_without_files_of_the_source_is_an_error(upstream, archive):
    upstream.files = {"README.md": b"moved"}
    with pytest.raises(PullError, match="lists no file of this source"):
        run(upstream, archive)


def test_a_path_that_leaves_its_folder_is_never_asked_for(upstream, archive):
    upstream.files["docs/../../2024-01-03_cumsum.csv"] = b"x"
    assert run(upstream, archive).new == [name(1), name(2)]


def test_nobody_listening_is_an_error_in_words(archive, upstream):
    with pytest.raises(PullError, match="connection failed"):
        run(upstream, archive, github_api="http://127.0.0.1:9")
    with pytest.raises(PullError, match=r"connection failed|no URL"):
        run(upstream, archive, github_api="nowhere")


def test_a_host_out_of_reach_is_asked_once_by_each_further_source(archive, upstream):
    asked = settings(upstream, github_api="http://127.0.0.1:9")
    with GitHub(asked, PATIENCE) as github:
        for source in ("confirmed_deaths", "claimed_losses", "occupied_area"):
            with pytest.raises(PullError, match="connection failed"):
                pull(SOURCES[source], archive, asked, github=github)
    assert github.requests == PATIENCE.attempts + 1 + 1


def test_a_host_that_is_down_is_not_asked_for_every_file(upstream, archive, monkeypatch):
    monkeypatch.setattr(github_module, "_CONCURRENCY", 1)
    upstream.files = {name(day): bytes([day]) for day in range(1, 31)}
    for day in range(1, 31):
        upstream.faults[raw(name(day))] = [(404, {}, b"")] * 3
    with pytest.raises(PullError, match=r"2[0-2] more were not tried"):
        run(upstream, archive)
    assert len(upstream.requests) <= 11


def test_the_token_goes_to_the_api_and_nowhere_else(upstream, archive, caplog):
    caplog.set_level(logging.DEBUG)
    upstream.faults[raw(name(1))] = [(404, {}, b"")]
    with pytest.raises(PullError) as caught:
        run(upstream, archive, github_token=TOKEN)
    authorized = {path for path, headers in upstream.headers if TOKEN in str(headers)}
    assert authorized == {TREE}
    assert len(upstream.headers) == 3
    upstream.faults[TREE] = [(401, {}, TOKEN.encode())]
    with pytest.raises(PullError) as refused:
        run(upstream, archive, github_token=TOKEN)
    written = "".join(path.read_bytes().decode("latin1") for path in archive.root.rglob("*") if path.is_file())
    assert TOKEN not in caplog.text + str(caught.value) + str(refused.value) + written


@pytest.mark.parametrize("token", [TOKEN + "\n", TOKEN + "é"])
def test_a_malformed_token_is_named_without_being_shown(upstream, archive, token):
    with pytest.raises(PullError, match="GITHUB_TOKEN") as caught:
        run(upstream, archive, github_token=token)
    assert TOKEN not in str(caught.value)
    assert upstream.requests == []


def test_what_failed_for_another_reason_ends_the_pull(upstream, archive, monkeypatch):
    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(archive, "store", full)
    with pytest.raises(OSError, match="no space"):
        run(upstream, archive)
    assert archive.last_pull(SOURCE.name) is None
