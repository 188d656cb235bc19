"""A service on loopback that takes messages, well or badly."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def receiver(status: int = 200, delay_s: float = 0) -> Iterator[tuple[str, list[dict]]]:
    """A service on loopback that takes messages; yields its Apprise address and what it got."""
    received: list[dict] = []
    ending = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if delay_s:
                self._drip()
            received.append(json.loads(body))
            self.send_response(status)
            self.end_headers()

        def _drip(self) -> None:
            """Answer a byte at a time: no time-out of a single read ends that."""
            until = time.monotonic() + delay_s
            try:
                self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
                while time.monotonic() < until and not ending.wait(0.5):
                    self.wfile.write(b"a")
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"json://user:s3cret@127.0.0.1:{server.server_port}/token-s3cret", received
    finally:
        ending.set()
        server.shutdown()
        thread.join()
        server.server_close()
