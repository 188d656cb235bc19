"""Which requests reach the UI: own pages do, other pages, other names and simple forms do not."""

import asyncio
import json
from typing import Any

import pytest

from orchestration.ui.guard import MAX_QUERY_BYTES, Guard

OWN = "127.0.0.1:3000"
HOSTS = {OWN, "localhost:3000"}
JSON = ("content-type", "application/json")


def ask(method: str, path: str, *headers: tuple[str, str], host: str | None = OWN, kind: str = "http") -> Any:
    """Send a request through the guard; returns "reached" or what the guard answered, and the response's headers."""
    sent = []

    async def app(scope: dict, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "headers": [(k.encode(), v.encode()) for k, v in ((("host", host),) if host is not None else ()) + headers],
    }
    asyncio.run(Guard(app, HOSTS)(scope, None, send))
    return sent[0]


def status(*arguments: Any, **keywords: Any) -> int | str:
    answer = ask(*arguments, **keywords)
    return answer.get("status", answer["type"])


@pytest.mark.parametrize("host", [OWN, "localhost:3000", "LOCALHOST:3000"])
def test_own_pages_and_queries_get_through(host: str) -> None:
    assert status("GET", "/runs", host=host) == 299
    assert status("HEAD", "/", host=host) == 299
    assert status("POST", "/graphql", JSON, host=host) == 299
    assert status("POST", "/graphql", JSON, ("origin", f"http://{host}"), host=host) == 299
    assert status("POST", "/graphql", JSON, ("sec-fetch-site", "same-origin"), host=host) == 299
    assert status("GET", "/graphql", ("origin", f"http://{host}"), host=host, kind="websocket") == 299


@pytest.mark.parametrize(
    "host",
    [None, "", "127.0.0.1", "127.0.0.1:3001", "evil.example", "evil.example:3000", "127.0.0.1:3000.evil.example"],
)
def test_other_names_are_refused(host: str | None) -> None:
    assert status("GET", "/", host=host) == 403
    assert status("POST", "/graphql", JSON, host=host) == 403
    assert status("GET", "/graphql", host=host, kind="websocket") == "websocket.close"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:8000", "http://127.0.0.1:3000.evil.example", "file://"]
)
def test_other_pages_are_refused(origin: str) -> None:
    assert status("POST", "/graphql", JSON, ("origin", origin)) == 403
    assert status("GET", "/runs", ("origin", origin)) == 403
    assert status("GET", "/graphql", ("origin", origin), kind="websocket") == "websocket.close"


def test_the_origin_must_be_the_very_name_that_was_asked() -> None:
    assert status("POST", "/graphql", JSON, ("origin", "http://localhost:3000"), host=OWN) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "unheard-of"])
def test_fetches_of_other_pages_are_refused_without_an_origin(site: str) -> None:
    assert status("GET", "/runs", ("sec-fetch-site", site)) == 403
    assert status("GET", "/runs", ("sec-fetch-site", site), ("sec-fetch-mode", "no-cors")) == 403
    assert status("POST", "/graphql", JSON, ("sec-fetch-site", site)) == 403


def test_links_to_pages_work_and_frames_do_not() -> None:
    link = (("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"))
    assert status("GET", "/runs/1", *link, ("sec-fetch-dest", "document")) == 299
    assert status("GET", "/runs/1", *link, ("sec-fetch-dest", "iframe")) == 403
    assert status("POST", "/graphql", JSON, *link, ("sec-fetch-dest", "document")) == 403
    assert status("GET", "/graphql", *link, ("sec-fetch-dest", "document"), ("accept", "text/html")) == 403
    assert (b"x-frame-options", b"DENY") in ask("GET", "/runs/1")["headers"]


@pytest.mark.parametrize("path", ["/graphql", "/graphql/"])
def test_graphql_is_never_answered_by_get(path: str) -> None:
    assert status("GET", path) == 405
    assert status("GET", path, ("accept", "*/*")) == 405
    assert status("GET", path, ("accept", "text/html")) == 299  # the page for writing queries, which executes nothing


@pytest.mark.parametrize(
    "media_type",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        # Dagster looks for the words anywhere, and a browser sends this without asking first.
        "text/plain; application/json",
        "application/graphql",
        "",
    ],
)
def test_posts_that_a_form_could_send_are_refused(media_type: str) -> None:
    assert status("POST", "/graphql", ("content-type", media_type)) == 415
    assert status("POST", "/report_asset_materialization/a", ("content-type", media_type)) == 415


def test_json_with_a_character_set_is_json() -> None:
    assert status("POST", "/graphql", ("content-type", "application/json; charset=utf-8")) == 299


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(method: str) -> None:
    assert status(method, "/graphql", JSON) == 405


@pytest.mark.parametrize("name", ["host", "origin", "content-type"])
def test_a_header_sent_twice_is_refused(name: str) -> None:
    value = {"host": OWN, "origin": f"http://{OWN}", "content-type": "application/json"}[name]
    headers = [JSON, (name, value)] if name != "content-type" else [(name, value), (name, value)]
    assert status("POST", "/graphql", *headers, *([(name, value)] if name == "origin" else [])) == 400


def test_refusals_say_why() -> None:
    async def run() -> list[dict]:
        sent: list[dict] = []

        async def send(message: dict) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"evil.example")]}
        await Guard(None, HOSTS)(scope, None, send)
        return sent

    assert b"evil.example" in asyncio.run(run())[1]["body"]


def ask_read_only(body: bytes, path: str = "/graphql") -> tuple[int, bytes]:
    """POST a body, in two pieces, to a view to look at; returns the status and what the app got to read."""
    pieces = [body[:7], body[7:]]
    answers, read = [], []

    async def receive() -> dict:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def app(scope: dict, receive: Any, send: Any) -> None:
        read.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 299, "headers": []})

    async def send(message: dict) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "POST", "path": path}
    scope["headers"] = [(b"host", OWN.encode()), (b"content-type", b"application/json")]
    asyncio.run(Guard(app, HOSTS, read_only=True)(scope, receive, send))
    return answers[0]["status"], b"".join(read)


def test_a_view_to_look_at_answers_queries_and_hands_them_on_whole() -> None:
    body = b'{"query": "query Mutation {mutation: version}", "variables": {}}'
    assert ask_read_only(body) == (299, body)


@pytest.mark.parametrize(
    "query", ["mutation {a}", "query A {b} mutation B {c}", "# query\n mutation B($x: Int) {c}", "{a} mutation M {b}"]
)
def test_a_view_to_look_at_refuses_every_mutation(query: str) -> None:
    assert ask_read_only(json.dumps({"query": query, "operationName": "A"}).encode()) == (403, b"")


@pytest.mark.parametrize("body", [b"", b"not JSON", b"[]", b'{"variables": {}}', b'{"query": 1}', b'{"query": "{"}'])
def test_a_view_to_look_at_refuses_what_it_cannot_read(body: bytes) -> None:
    assert ask_read_only(body) == (400, b"")


def test_a_view_to_look_at_refuses_other_posts_and_floods() -> None:
    assert ask_read_only(b"{}", "/report_asset_materialization/a") == (403, b"")
    assert ask_read_only(b" " * (MAX_QUERY_BYTES + 1)) == (413, b"")
