"""Real registries on this machine, each with its access log, and servers that behave like no registry should."""

from __future__ import annotations

import http.server
import re
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_START_SECONDS = 30.0

_CONFIG = """\
version: 0.1
log: {level: info, accesslog: {disabled: false}}
storage: {inmemory: {}}
http: {addr: "127.0.0.1:0", secret: of-no-use}
"""

# user AWS, password PASSWORD: what `aws` would print is made up here
PASSWORD = "a-password-for-tests"  # noqa: S105  # it opens nothing but these registries
_HTPASSWD = "AWS:$2b$04$0VO8IwzO1rd0rr8FiO.aFO7LXftz/WRehBTYVo.h4ZdMYay2C8IHi\n"


class Server:
    """A running registry: its address and what it was asked for."""

    def __init__(self, address: str, log: Path) -> None:
        self.address = address
        self._log = log

    def requests(self) -> list[str]:
        """Return the requests so far as `METHOD /path STATUS`."""
        found = re.findall(r'"([A-Z]+) (\S+) HTTP/1\.1" (\d{3})', self._log.read_text())
        return [" ".join(parts) for parts in found]

    def asked(self, pattern: str) -> list[str]:
        """Return the requests that match, and wait a little for the first: a log line comes after its answer."""
        return eventually(lambda: [line for line in self.requests() if re.match(pattern, line)])

    def pushes(self) -> list[str]:
        """Return every request that would change something."""
        return [line for line in self.requests() if not line.startswith(("GET", "HEAD"))]


@contextmanager
def serving(binary: Path, folder: Path, *, guarded: bool = False) -> Iterator[Server]:
    """Run a registry that keeps its images in memory; `guarded` asks for a login."""
    folder.mkdir(parents=True)
    (folder / "htpasswd").write_text(_HTPASSWD)
    auth = f"auth: {{htpasswd: {{realm: test, path: {folder / 'htpasswd'}}}}}\n" if guarded else ""
    (folder / "config.yml").write_text(_CONFIG + auth)
    log = folder / "log"
    with log.open("wb") as out:
        argv = [str(binary), "serve", str(folder / "config.yml")]
        child = subprocess.Popen(argv, stdout=out, stderr=out, env={"OTEL_TRACES_EXPORTER": "none"})
        try:
            ports = eventually(lambda: re.findall(r"listening on 127\.0\.0\.1:(\d+)", log.read_text()), _START_SECONDS)
            assert ports, log.read_text()
            yield Server(f"127.0.0.1:{ports[0]}", log)
        finally:
            child.kill()
            child.wait()


class Reply(msgspec.Struct, frozen=True):
    """One answer of a server."""

    status: int
    body: bytes
    media: str = "application/json"


class _Unmoved(http.server.ThreadingHTTPServer):
    """A server to which a client that hangs up is no news."""

    def handle_error(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def replying(*replies: Reply, uploads: Reply | None = None) -> Iterator[str]:
    """Run a server that gives `replies` one after the other, the last for ever, and `uploads` to a push."""
    left = list(replies)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/v2/":
                self._say(Reply(200, b"{}"))
            elif "/blobs/" in self.path and self.command == "HEAD":
                self._say(Reply(404, b""))
            else:
                self._say(left.pop(0) if len(left) > 1 else left[0])

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._say(uploads or left[0])

        def do_HEAD(self) -> None:
            self.do_GET()

        def _say(self, reply: Reply) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.media)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with _Unmoved(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def silent() -> Iterator[str]:
    """Run a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def closed() -> Iterator[str]:
    """Return the address of a port where nobody listens: it is taken, and refuses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def stalling(address: str, after: int) -> Iterator[str]:
    """Run a way to `address` that carries so many bytes there and then nothing more: the network died."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server, address, _Budget(after)), daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"


class _Budget:
    """Bytes that may still pass, over all connections."""

    def __init__(self, left: int) -> None:
        self._left = left
        self._lock = threading.Lock()

    def take(self, size: int) -> bool:
        with self._lock:
            self._left -= size
            return self._left >= 0


def _accept(server: socket.socket, address: str, budget: _Budget) -> None:
    host, _, port = address.partition(":")
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return
        there = socket.create_connection((host, int(port)))
        threading.Thread(target=_carry, args=(client, there, budget), daemon=True).start()
        threading.Thread(target=_carry, args=(there, client, None), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket, budget: _Budget | None) -> None:
    """Carry bytes until the end, or until the budget is used up: then hold the connection open and say nothing."""
    with source, target:
        try:
            while data := source.recv(65536):
                if budget is not None and not budget.take(len(data)):
                    while source.recv(65536):
                        pass
                    return
                target.sendall(data)
        except OSError:
            return


def eventually(look: Callable[[], list[str]], seconds: float = 5.0) -> list[str]:
    """Return what `look` finds as soon as it finds something, at the end whatever it finds then."""
    deadline = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found
