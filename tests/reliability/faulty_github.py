"""A stand-in for GitHub on loopback: tree listings with blob shas, raw files, and faults on request."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from orchestration.sources.intake.archive import blob_sha

FAULTS = ("404", "429", "503", "html", "truncate", "corrupt", "empty", "slow", "hang")
_HTML = b"<!DOCTYPE html><html><body>Sign in</body></html>"


class FaultyGitHub:
    """Serves a folder OWNER/REPO/BRANCH/PATH; `faults` maps a path pattern to a kind, `requests` records what came."""

    def __init__(self, root: Path):
        self.root = root
        self.faults: dict[str, str] = {}
        self.requests: list[str] = []
        self.url = ""
        self.closing = threading.Event()

    def fault(self, path: str) -> str | None:
        """The kind of the first pattern that the path holds."""
        return next((kind for pattern, kind in self.faults.items() if re.search(pattern, path)), None)

    def content(self, path: str) -> bytes | None:
        """The body of a good answer; None where there is nothing."""
        parts = path.strip("/").split("/")
        if parts[0] == "repos":
            folder = self.root / parts[1] / parts[2] / parts[5]
            files = {
                file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
            }
            tree = [
                {"path": name, "type": "blob", "sha": blob_sha(content), "size": len(content)}
                for name, content in sorted(files.items())
            ]
            return json.dumps({"sha": blob_sha(json.dumps(tree).encode()), "tree": tree, "truncated": False}).encode()
        file = self.root / path.strip("/")
        return file.read_bytes() if file.is_file() else None


@contextmanager
def serve(root: Path) -> Iterator[FaultyGitHub]:
    """Serve a folder on a free port until the block ends."""
    state = FaultyGitHub(root)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            state.requests.append(path)
            kind = state.fault(path)
            if kind == "hang":
                state.closing.wait(60)
                self.close_connection = True
                return
            content = state.content(path)
            status = int(kind) if kind and kind.isdigit() else 404 if content is None else 200
            body = b"{}" if status != 200 else content
            if kind == "html":
                body = _HTML
            elif kind == "empty":
                body = b""
            elif kind == "corrupt":
                body = bytes(reversed(body))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if status == 429:
                self.send_header("Retry-After", "1")
            self.end_headers()
            if kind == "truncate":
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
            elif kind == "slow":
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if state.closing.wait(0.3):
                        break
            else:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            # A client that gives up on a slow answer is what is tried here.
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
