"""What may reach the Dagster UI: requests that its own pages make, on the names it is served under.

The UI has no login, and Dagster executes GraphQL mutations sent by GET or as a form, from any origin: without a guard,
any web page open in the operator's browser could launch, stop or wipe on localhost. Dagster's own read-only mode does
not serve: it asks for neither Host nor Origin, and a dry run of a sensor, for one, still runs the sensor. A browser
names the page that sends a request (Origin, Sec-Fetch-Site) and the name it looked up (Host); both must be ours.

What belongs here: letting a request through or refusing it, as ASGI middleware over any app. What does not: logins
(that is the reverse proxy's part) and starting the UI (server.py).
"""

import json
from collections.abc import Collection

import graphql
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GRAPHQL_PATH = "/graphql"
_READING = {"GET", "HEAD"}
# A same-site page is another port of this machine: not ours.
_OWN_FETCH_SITES = {"same-origin", "none"}
# A page that shows the UI in a frame of its own could have the operator click what they do not see.
_NO_FRAMES = (b"x-frame-options", b"DENY")
# RFC 6455: 1008 is "policy violation"; sent before accepting, the server answers the upgrade with 403.
_POLICY_VIOLATION = 1008
# The largest query of the UI's own pages has some 20 kB.
MAX_QUERY_BYTES = 1_000_000


class RefusedRequestError(Exception):
    """A request that the guard does not let through: the HTTP status and the reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Guard:
    """ASGI middleware that refuses what did not come from the UI's own pages.

    Args:
        app: the app behind it.
        hosts: host names with port (as browsers send them in Host) under which the UI is served.
        read_only: whether to refuse mutations altogether.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], *, read_only: bool = False) -> None:
        self._app = app
        self._hosts = {host.lower() for host in hosts}
        self._read_only = read_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through to the app, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        try:
            check_request(scope, self._hosts)
            if self._read_only and scope["type"] == "http" and scope["method"] == "POST":
                receive = await _checked_query(scope, receive)
        except RefusedRequestError as refused:
            await _refuse(scope, send, refused)
            return
        await self._app(scope, receive, _without_frames(send))


def check_request(scope: Scope, hosts: Collection[str]) -> None:
    """Judge a request by its method, path and headers.

    Args:
        scope: ASGI scope of a request or of a websocket's upgrade.
        hosts: host names with port under which the UI is served, in lower case.

    Raises:
        RefusedRequestError: it did not come from the UI's own pages, or could change something by a simple request.
    """
    host = _only(scope, b"host").lower()
    if host not in hosts:
        raise RefusedRequestError(403, f"Not served as {host or 'a nameless host'}: open the UI by its own address.")
    origin = _only(scope, b"origin").lower()
    # A proxy with TLS in front changes the scheme, not the name.
    if origin and origin not in {f"http://{host}", f"https://{host}"}:
        raise RefusedRequestError(403, "Requests of other web pages are refused. Use the UI's own pages.")
    fetch_site = _only(scope, b"sec-fetch-site")
    if fetch_site and fetch_site not in _OWN_FETCH_SITES and not _is_link_to_a_page(scope):
        raise RefusedRequestError(403, "Requests of other web pages are refused. Use the UI's own pages.")
    if scope["type"] == "http":
        _check_method(scope)


def _check_method(scope: Scope) -> None:
    """What could change something must be JSON by POST, which no foreign page can send without our consent."""
    if scope["method"] in _READING:
        if _is_graphql(scope) and "text/html" not in _only(scope, b"accept"):
            raise RefusedRequestError(405, "GraphQL is answered by POST with Content-Type application/json only.")
        return
    if scope["method"] != "POST":
        raise RefusedRequestError(405, "Only GET, HEAD and POST are answered.")
    media_type = _only(scope, b"content-type").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise RefusedRequestError(415, "POST is answered with Content-Type application/json only.")


async def _checked_query(scope: Scope, receive: Receive) -> Receive:
    """Read the body of a POST and hand it on if it only asks.

    Raises:
        RefusedRequestError: it is no GraphQL query, or holds a mutation.
    """
    if not _is_graphql(scope):
        raise RefusedRequestError(403, "This UI is only to look at.")
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise RefusedRequestError(400, "The request ended before its body did.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_QUERY_BYTES:
            raise RefusedRequestError(413, f"A query may have {MAX_QUERY_BYTES:,} bytes.")
    try:
        document = graphql.parse(json.loads(body)["query"])
    except (ValueError, KeyError, TypeError, RecursionError, graphql.GraphQLError):
        raise RefusedRequestError(400, "Not a GraphQL query in JSON.") from None
    if any(getattr(node, "operation", None) is graphql.OperationType.MUTATION for node in document.definitions):
        raise RefusedRequestError(403, "This UI is only to look at.")
    handed_on = False

    async def replay() -> Message:
        nonlocal handed_on
        if handed_on:
            return await receive()
        handed_on = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _is_link_to_a_page(scope: Scope) -> bool:
    """Someone followed a link (in a message, say) to a page of the UI, in a tab of its own."""
    return (
        scope["type"] == "http"
        and scope["method"] in _READING
        and _only(scope, b"sec-fetch-mode") == "navigate"
        and _only(scope, b"sec-fetch-dest") == "document"
        and not _is_graphql(scope)
    )


def _is_graphql(scope: Scope) -> bool:
    return scope["path"].rstrip("/") == GRAPHQL_PATH


def _only(scope: Scope, name: bytes) -> str:
    """The value of a header, empty where it is absent.

    Raises:
        RefusedRequestError: the header is sent twice, so that two readers could believe different things.
    """
    values = [value for key, value in scope["headers"] if key.lower() == name]
    if len(values) > 1:
        raise RefusedRequestError(400, f"{name.decode()} is sent more than once.")
    return values[0].decode("latin-1").strip() if values else ""


async def _refuse(scope: Scope, send: Send, refused: RefusedRequestError) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": str(refused)})
        return
    body = f"{refused}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        _NO_FRAMES,
    ]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _without_frames(send: Send) -> Send:
    async def send_without_frames(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), _NO_FRAMES]}
        await send(message)

    return send_without_frames
