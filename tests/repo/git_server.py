"""A git server over HTTP for tests: real `git http-backend` behind Python's own web server, with faults to order."""

from __future__ import annotations

import base64
import functools
import os
import socket
import struct
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What a request is about, as a fault's `when` can name it.
PUSH = "POST /gitops.git/git-receive-pack"
FETCH = "POST /gitops.git/git-upload-pack"
BEFORE_PUSH = "service=git-receive-pack"
BEFORE_FETCH = "service=git-upload-pack"

FOREVER = 10_000


class Fault(msgspec.Struct, kw_only=True):
    """What goes wrong with the next `times` requests whose line holds `when`, of those who may ask.

    `status` answers with `text` instead of git's answer (`{login}` in it is what the client sent to log in). Else the
    connection is closed: "before" anything is read, "during" what the client sends, or "after" git has done what was
    asked. With "silence" nothing is read or said; with "mute" nothing is said after git has done what was asked.
    """

    when: str = ""
    times: int = 1
    status: int = 0
    text: str = ""
    headers: dict[str, str] = {}
    cut: str = ""


class GitServer(ThreadingHTTPServer):
    """Serves the bare repositories below `root`.

    `received` are the lines of all requests in their order, `logins` what came with them to log in. Where `login` is
    set, nobody else is served. `watch` is called while a client waits for its answer.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256  # writers that connect at once

    def __init__(self, root: Path, delay: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.root = root
        self.delay = delay
        self.login: str | None = None
        self.faults: list[Fault] = []
        self.received: list[str] = []
        self.logins: list[str] = []
        self.watch: Callable[[], None] = lambda: None
        self.over = threading.Event()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """The address below which the repositories are."""
        return f"http://127.0.0.1:{self.server_port}"

    def fault_of(self, line: str) -> Fault | None:
        """Take the next fault that was ordered for a request."""
        with self._lock:
            fault = next((fault for fault in self.faults if fault.times > 0 and fault.when in line), None)
            if fault is not None:
                fault.times -= 1
            return fault

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away."""


@contextmanager
def serve(root: Path, *, delay: float = 0.0) -> Iterator[GitServer]:
    """Serve the bare repositories below `root` on 127.0.0.1; every push takes `delay` seconds longer."""
    with GitServer(root, delay) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for the client's acknowledgement of its head
    server: GitServer

    def answer(self) -> None:
        """Answer one request, or fail as it was ordered."""
        line = f"{self.command} {self.path}"
        self.server.received.append(line)
        self.server.logins.append(self._login())
        self.server.watch()
        if self.server.login not in {None, self._login()}:
            self._body()
            self._say(401, {"WWW-Authenticate": 'Basic realm="git"'}, f"no such login: {self._login()}\n".encode())
        else:
            self._admit(self.server.fault_of(line))

    do_GET = do_POST = answer  # noqa: N815 - the names that http.server calls

    def _admit(self, fault: Fault | None) -> None:
        """Answer a request of somebody who may ask, or fail as it was ordered."""
        if fault is not None and fault.cut == "silence":
            self.server.over.wait()
        if fault is not None and fault.cut in {"before", "during", "silence"}:
            self._cut(read=fault.cut == "during")
            return
        body = self._body()
        if fault is not None and fault.status:
            self._say(fault.status, fault.headers, fault.text.replace("{login}", self._login()).encode())
        elif len(self.headers.get_all("Authorization", [])) > 1:
            self._say(400, {}, b"logged in twice\n")
        else:
            self._serve(body, fault)

    def _serve(self, body: bytes, fault: Fault | None) -> None:
        """Let git answer."""
        if self.path.endswith("git-receive-pack"):
            time.sleep(self.server.delay)
        done = subprocess.run([_backend()], input=body, env=self._environment(body), capture_output=True, check=False)
        if fault is not None and fault.cut in {"after", "mute"}:
            if fault.cut == "mute":
                self.server.over.wait()
            self._cut()
            return
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n"))
        self._say(int(headers.pop("Status", "200").split()[0]), headers, content)

    def _say(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "text/plain"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _cut(self, *, read: bool = False) -> None:
        """End the connection without a word, as a process that is killed or a cable that breaks."""
        if read:
            self.rfile.read(max(1, int(self.headers.get("Content-Length") or 2) // 2))
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _login(self) -> str:
        """Return `user:password` as the client sent it; empty when it sent none."""
        return base64.b64decode(self.headers.get("Authorization", "").partition(" ")[2]).decode()

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _environment(self, body: bytes) -> dict[str, str]:
        """Return what git's manual says that a web server has to set (gitprotocol-http, git-http-backend)."""
        url = urlsplit(self.path)
        return {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": os.fspath(self.server.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "PATH_INFO": url.path,
            "QUERY_STRING": url.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REMOTE_USER": "writer",
            "REMOTE_ADDR": "127.0.0.1",
        }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Say nothing."""


@functools.cache
def _backend() -> str:
    return os.fspath(Path(subprocess.check_output(["git", "--exec-path"], text=True).strip()) / "git-http-backend")
